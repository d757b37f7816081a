/**
 * The last data of each read, with its time, by person: what can be read without a network. The oldest give way when
 * there are many or the phone's room (10 MB in all, 1 MB a piece) ends.
 */
'use strict'
const { queryOf } = require('../api/http')

const MOST = 80
const INDEX = 'seen'

/** @typedef {{data: any, etag: string, at: number}} Seen */

function nameOf(person, path, query) {
  return `seen:${person}:${path}?${queryOf(query)}`
}

/** @returns {Seen | null} */
function find(person, path, query) {
  return wx.getStorageSync(nameOf(person, path, query)) || null
}

/** @returns {number} when it was seen, ms */
function keep(person, path, query, data, etag) {
  const name = nameOf(person, path, query)
  const at = Date.now()
  const names = [name, ...index().filter((each) => each !== name)]
  names.splice(MOST).forEach((each) => wx.removeStorageSync(each))
  while (!put(name, { data, etag, at }) && names.length > 1) wx.removeStorageSync(/** @type {string} */ (names.pop()))
  put(INDEX, names)
  return at
}

/** The same data was confirmed just now. */
function touch(person, path, query) {
  const last = find(person, path, query)
  return last ? keep(person, path, query, last.data, last.etag) : Date.now()
}

/** Nothing of anybody stays on the phone. */
function clear() {
  index().forEach((name) => wx.removeStorageSync(name))
  wx.removeStorageSync(INDEX)
}

/** @returns {string[]} latest first */
function index() {
  return wx.getStorageSync(INDEX) || []
}

function put(name, value) {
  try {
    wx.setStorageSync(name, value)
    return true
  } catch {
    return false
  }
}

module.exports = { find, keep, touch, clear }
