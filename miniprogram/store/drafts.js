/** What has been typed and not yet sent, by form: kept at every keystroke, gone when sent or thrown away by the person. */
'use strict'
const { personId } = require('../api/session')

function nameOf() {
  return `drafts:${personId()}`
}

/** @returns {Record<string, {at: number, value: any}>} */
function all() {
  return wx.getStorageSync(nameOf()) || {}
}

/** @param {string} form @returns {any} null if there is none */
function find(form) {
  const draft = all()[form]
  return draft ? draft.value : null
}

/** @param {string} form @param {any} value */
function keep(form, value) {
  wx.setStorageSync(nameOf(), { ...all(), [form]: { at: Date.now(), value } })
}

/** @param {string} form */
function drop(form) {
  const rest = all()
  delete rest[form]
  wx.setStorageSync(nameOf(), rest)
}

function clear() {
  wx.removeStorageSync(nameOf())
}

module.exports = { find, keep, drop, clear }
