/** What a draft would give, before it is kept. */
'use strict'
const { say } = require('../wording/index')
const { stepRows } = require('./citations')
const { number } = require('./dates')

/** @param {{hours: number | null, steps?: any[]} | null} got null while the draft is not whole */
function previewOf(got) {
  if (!got) return { hours: '', steps: [], note: say('record.preview_open') }
  const open = got.hours === null || got.hours === undefined
  return { hours: open ? '' : say('number.hours', { n: number(got.hours) }), steps: stepRows(got.steps), note: open ? say('record.preview_none') : '' }
}

/** The question to the service, null while too little is known. @param {Record<string, any>} draft */
function conversionOf(draft) {
  const { mode, quantity, unit, category, attrs } = draft
  return mode && quantity && unit && category ? { mode, quantity, unit, category, attrs: attrs || {} } : null
}

module.exports = { previewOf, conversionOf }
