/** What may come of asking the service, as one error with a kind that pages tell apart. */
'use strict'
const { say } = require('../wording/index')

/**
 * `offline`: no answer came, the write may or may not have happened (send it again with the same key).
 * `busy`: the service asks to wait `wait` seconds. `signed_out`: signing in failed. `refused`: the service answered no,
 * `detail` is its Chinese sentence. `broken`: the service failed.
 */
class Problem extends Error {
  /**
   * @param {'offline'|'busy'|'signed_out'|'refused'|'broken'} kind
   * @param {{status?: number, code?: string, detail?: string, wait?: number, errors?: {field: string, text: string}[]}} [about]
   */
  constructor(kind, about = {}) {
    super(about.detail || say(`problem.${kind}`))
    this.name = 'Problem'
    this.kind = kind
    this.status = about.status || 0
    this.code = about.code || ''
    this.wait = about.wait || 0
    /** Which fields of what was sent cannot be. */
    this.errors = about.errors || []
  }

  /** Whether the same request may yet succeed if it is sent again. */
  get passing() {
    return this.kind === 'offline' || this.kind === 'busy' || this.kind === 'broken' || this.kind === 'signed_out'
  }
}

/**
 * @param {number} status
 * @param {any} body problem details (RFC 9457) or anything
 * @param {Record<string, string>} headers
 */
function problemOf(status, body, headers) {
  const told = body && typeof body === 'object' ? body : {}
  const about = { status, code: String(told.code || ''), detail: typeof told.detail === 'string' ? told.detail : '', errors: Array.isArray(told.errors) ? told.errors : [] }
  if (status === 429) return new Problem('busy', { ...about, wait: waitOf(headers) })
  if (status === 401) return new Problem('signed_out', about)
  if (status >= 500) return new Problem('broken', { ...about, detail: '' })
  return new Problem('refused', about)
}

/** Seconds of Retry-After; a missing or odd one counts as 5. */
function waitOf(headers) {
  const said = Number(headerOf(headers, 'retry-after'))
  return said > 0 && said < 3600 ? said : 5
}

/** A header whatever its case: phones and tools differ. */
function headerOf(headers, name) {
  const key = Object.keys(headers || {}).find((each) => each.toLowerCase() === name)
  return key ? String(headers[key]) : ''
}

/** The error as a Problem; one of ours that is none (a bug) is not hidden. */
function asProblem(error) {
  if (error instanceof Problem) return error
  throw error
}

module.exports = { Problem, problemOf, headerOf, asProblem }
