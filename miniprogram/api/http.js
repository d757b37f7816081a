/** One request and its answer, as promises over wx.request, wx.uploadFile and wx.downloadFile. */
'use strict'
const { config } = require('../config')
const { Problem } = require('./problem')

const PREFIX = '/api/v1'
const TIMEOUT = 15000

/** @param {Record<string, unknown>} [query] */
function queryOf(query) {
  const pairs = Object.entries(query || {}).filter(([, value]) => value !== undefined && value !== null && value !== '')
  pairs.sort(([a], [b]) => (a < b ? -1 : 1))
  return pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`).join('&')
}

/** @param {string} path @param {Record<string, unknown>} [query] */
function addressOf(path, query) {
  const asked = queryOf(query)
  return `${config().apiBase}${PREFIX}${path}${asked ? `?${asked}` : ''}`
}

/**
 * @param {{method: string, path: string, query?: Record<string, unknown>, body?: unknown, headers?: Record<string, string>}} asked
 * @returns {Promise<Answer>}
 */
function send(asked) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: addressOf(asked.path, asked.query),
      method: /** @type {any} */ (asked.method),
      data: asked.body === undefined ? undefined : JSON.stringify(asked.body),
      header: Object.assign(asked.body === undefined ? {} : { 'content-type': 'application/json' }, asked.headers),
      dataType: 'text',
      timeout: TIMEOUT,
      success: (got) => resolve({ status: got.statusCode, body: parsed(got.data), headers: /** @type {any} */ (got.header) || {} }),
      fail: () => reject(new Problem('offline')),
    })
  })
}

/** @param {{path: string, file: string, headers: Record<string, string>, fields?: Record<string, string>}} asked @returns {Promise<Answer>} */
function sendFile(asked) {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: addressOf(asked.path),
      filePath: asked.file,
      name: 'file',
      formData: asked.fields || {},
      header: asked.headers,
      timeout: 60000,
      success: (got) => resolve({ status: got.statusCode, body: parsed(got.data), headers: /** @type {any} */ (got).header || {} }),
      fail: () => reject(new Problem('offline')),
    })
  })
}

/** @param {{path: string, headers: Record<string, string>}} asked @returns {Promise<{status: number, file: string}>} */
function takeFile(asked) {
  return new Promise((resolve, reject) => {
    wx.downloadFile({
      url: addressOf(asked.path),
      header: asked.headers,
      success: (got) => resolve({ status: got.statusCode, file: got.tempFilePath }),
      fail: () => reject(new Problem('offline')),
    })
  })
}

function parsed(data) {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}

module.exports = { send, sendFile, takeFile, queryOf }
