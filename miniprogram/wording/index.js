/** Every word of ours that people read in the mini program; what the service says comes in its own words. */
'use strict'

const words = {
  ...require('./everywhere'),
  ...require('./recording'),
  ...require('./reading'),
  ...require('./myself'),
  ...require('./reviewing'),
}

/**
 * @param {string} key such as `state.stale`
 * @param {Record<string, string | number>} [values] what {names} stand for
 * @returns {string}
 */
function say(key, values = {}) {
  /** @type {any} */
  let found = words
  for (const part of key.split('.')) found = found === undefined ? undefined : found[part]
  if (typeof found !== 'string') throw new Error(`no words for ${key}`)
  return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name] === undefined ? '' : values[name]))
}

module.exports = { words, say }
