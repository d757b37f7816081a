/** What goes to the page in one setData stays small: WeChat warns at 256 KB, and a long text or list is shown in parts. */
'use strict'

const MOST = 128 * 1024

/** Bytes of a value as JSON in UTF-8, as setData carries it. */
function size(value) {
  let bytes = 0
  for (const sign of JSON.stringify(value) || '') {
    const code = /** @type {number} */ (sign.codePointAt(0))
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/**
 * The list cut into runs of at most `most` bytes; an item bigger than that stands alone.
 * @template T
 * @param {T[]} items
 * @returns {T[][]}
 */
function inParts(items, most = MOST) {
  /** @type {T[][]} */
  const parts = []
  let room = 0
  for (const item of items) {
    const needs = size(item) + 1
    if (parts.length === 0 || needs > room) {
      parts.push([])
      room = most
    }
    parts[parts.length - 1].push(item)
    room -= needs
  }
  return parts
}

/** A text as paragraphs, none longer than `most` signs. @param {string} text @returns {string[]} */
function paragraphs(text, most = 2000) {
  const found = []
  for (const line of String(text || '').split(/\n+/)) {
    const signs = [...line.trim()]
    for (let from = 0; from < signs.length; from += most) found.push(signs.slice(from, from + most).join(''))
  }
  return found
}

/**
 * Puts a list on the page, each part behind the one before.
 * @param {any} page
 * @param {string} field the field of `data` that holds the list
 * @param {any[]} items
 * @param {number} [from] how many stand there already and stay
 */
function putList(page, field, items, from = 0) {
  if (from === 0) page.setData({ [field]: [] })
  let at = from
  for (const part of inParts(items)) {
    /** @type {Record<string, any>} */
    const change = {}
    for (const item of part) change[`${field}[${at++}]`] = item
    page.setData(change)
  }
}

module.exports = { size, inParts, paragraphs, putList }
