/**
 * What has been typed and not yet sent, by form: kept at every keystroke, gone when sent or thrown away by the person. The
 * platform keeps each user's storage apart, so it needs no name and outlives signing in and binding.
 */
'use strict'

const NAME = 'drafts'

/** @returns {Record<string, {at: number, value: any}>} */
function all() {
  return wx.getStorageSync(NAME) || {}
}

/** @param {string} form @returns {any} null if there is none */
function find(form) {
  const draft = all()[form]
  return draft ? draft.value : null
}

/** @param {string} form @param {any} value */
function keep(form, value) {
  wx.setStorageSync(NAME, { ...all(), [form]: { at: Date.now(), value } })
}

/** @param {string} form */
function drop(form) {
  const rest = all()
  delete rest[form]
  wx.setStorageSync(NAME, rest)
}

function clear() {
  wx.removeStorageSync(NAME)
}

module.exports = { find, keep, drop, clear }
