/**
 * What differs from one operator to the next: where the service is. It comes from the extension configuration when there
 * is one (a preview, an operator with many mini programs), else from here: set it before uploading (docs/operations.md).
 * The subscription templates come from the service itself.
 */
'use strict'

const API_BASE = ''

/** @returns {{apiBase: string}} the address before /api/v1, '' for the page's own origin */
function config() {
  const given = typeof wx.getExtConfigSync === 'function' ? wx.getExtConfigSync() || {} : {}
  return { apiBase: typeof given.api_base === 'string' ? given.api_base : API_BASE }
}

module.exports = { config }
