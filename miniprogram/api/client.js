/**
 * The service as pages use it. A read gives the last data with its time when there is no network; a write carries a key
 * that makes it happen once, however often it is sent.
 */
'use strict'
const { send, sendFile, takeFile } = require('./http')
const { session, renewed, personId } = require('./session')
const { Problem, problemOf, headerOf } = require('./problem')
const seen = require('../store/seen')

/**
 * @param {string} path
 * @param {Record<string, unknown>} [query]
 * @returns {Promise<Read>} `stale` when no network brought it
 */
async function read(path, query) {
  const last = remembered(path, query)
  try {
    const answer = await signed((headers) => {
      if (last && last.etag) headers['if-none-match'] = last.etag
      return send({ method: 'GET', path, query, headers })
    })
    if (answer.status === 304 && last) return { data: last.data, at: seen.touch(personId(), path, query), stale: false }
    if (answer.status !== 200) throw problemOf(answer.status, answer.body, answer.headers)
    const at = seen.keep(personId(), path, query, answer.body, headerOf(answer.headers, 'etag'))
    return { data: answer.body, at, stale: false }
  } catch (error) {
    if (error instanceof Problem && error.passing && last) return { data: last.data, at: last.at, stale: true }
    throw error
  }
}

/** What was last seen there, at once; null if nothing. @param {string} path @param {Record<string, unknown>} [query] */
function remembered(path, query) {
  return seen.find(personId(), path, query)
}

/**
 * @param {'POST'|'PUT'|'PATCH'} method
 * @param {string} path
 * @param {unknown} body
 * @param {string} key the same for the same write, until it has been answered
 * @returns {Promise<any>}
 */
async function write(method, path, body, key) {
  const answer = await signed((headers) => send({ method, path, body, headers: { ...headers, 'idempotency-key': key } }))
  if (answer.status >= 400) throw problemOf(answer.status, answer.body, answer.headers)
  return answer.body
}

/** @param {string} path @param {string} file a path on this phone @param {string} key @returns {Promise<any>} */
async function upload(path, file, key) {
  const answer = await signed((headers) => sendFile({ path, file, headers: { ...headers, 'idempotency-key': key } }))
  if (answer.status >= 400) throw problemOf(answer.status, answer.body, answer.headers)
  return answer.body
}

/** A picture or document of the service as a file on this phone. @param {string} path @returns {Promise<string>} */
async function fetchFile(path) {
  const answer = await signed((headers) => takeFile({ path, headers }))
  if (answer.status !== 200) throw problemOf(answer.status, null, {})
  return answer.file
}

/**
 * Asks with a token; one that the service no longer knows is renewed once.
 * @template {{status: number}} T
 * @param {(headers: Record<string, string>) => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function signed(ask) {
  const first = await ask(bearer(await session()))
  if (first.status !== 401) return first
  return ask(bearer(await renewed()))
}

/** @param {Session} session @returns {Record<string, string>} */
function bearer(session) {
  return { authorization: `Bearer ${session.token}` }
}

/** A new key for a write; unique is enough, it is no secret. */
function newKey() {
  const part = () => Math.random().toString(36).slice(2, 10).padEnd(8, '0')
  return `${Date.now().toString(36)}-${part()}${part()}`
}

module.exports = { read, remembered, write, upload, fetchFile, newKey }
