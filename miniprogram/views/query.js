/** Values of a page's query: the platform hands them on as they were written, tools decode them first. */
'use strict'

/** The value without percent-encoding, however often it was encoded; a stray % stays. @param {string} value */
function plain(value) {
  let text = value
  for (let times = 0; times < 3 && /%[0-9A-Fa-f]{2}/.test(text); times++) {
    try {
      text = decodeURIComponent(text)
    } catch {
      return text
    }
  }
  return text
}

module.exports = { plain }
