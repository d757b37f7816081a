/** The draft of an activity as a form: its choices, what is marked, what a change makes of it. */
'use strict'
const { words, say } = require('../wording/index')

/** @param {Record<string, string>} labels */
const choices = (labels) => Object.entries(labels).map(([code, label]) => ({ code, label }))
const CATEGORIES = choices(words.category)
const MODES = choices(words.mode)
const UNITS = choices(words.unit)
const FIELDS = ['title', 'organizer', 'start', 'end', 'category', 'mode', 'quantity', 'unit']
const NEEDED = ['title', 'start', 'end', 'category', 'mode', 'quantity', 'unit']

/** @param {{code: string, label: string}[]} list @param {string | null | undefined} code */
function labelOf(list, code) {
  const found = list.find((each) => each.code === code)
  return found ? found.label : ''
}

/**
 * Why a field is marked: what is wrong before what is missing before what is unsure.
 * @param {{unsure?: string[], missing?: string[], errors?: {field: string, text: string}[]}} told
 * @returns {Record<string, string>}
 */
function marksOf(told) {
  /** @type {Record<string, string>} */
  const marks = {}
  for (const field of told.unsure || []) marks[field] = say('form.unsure')
  for (const field of told.missing || []) marks[field] = say('form.missing')
  for (const error of told.errors || []) marks[error.field] = error.text
  return marks
}

/**
 * The draft after a change; an end before the start follows it, and a first day alone is one day.
 * @param {Record<string, any>} draft
 * @param {Record<string, any>} change
 */
function changed(draft, change) {
  const next = { ...draft, ...change }
  if ('quantity' in change) next.quantity = numberOf(change.quantity)
  if (next.start && (!next.end || next.end < next.start)) next.end = next.start
  return next
}

/** @param {unknown} typed */
function numberOf(typed) {
  const text = String(typed === null || typed === undefined ? '' : typed).trim()
  return /^\d+(\.\d*)?$/.test(text) && Number(text) > 0 ? Number(text) : null
}

/** Fields that are still empty. @param {Record<string, any>} draft */
function emptyFields(draft) {
  return NEEDED.filter((field) => draft[field] === null || draft[field] === undefined || draft[field] === '')
}

/** The body of a record: only what the service knows. @param {Record<string, any>} draft */
function bodyOf(draft) {
  /** @type {Record<string, any>} */
  const body = {}
  for (const field of [...FIELDS, 'attrs']) if (draft[field] !== null && draft[field] !== undefined && draft[field] !== '') body[field] = draft[field]
  return body
}

/** Without what the person has now said themselves. @param {string[]} fields @param {string[]} said */
function without(fields, said) {
  const settled = new Set(said)
  if (settled.has('start')) settled.add('end')
  return fields.filter((field) => !settled.has(field))
}

/** Whether a reading tells of an activity. @param {any} reading */
function isRecord(reading) {
  return reading.intent === 'claim.record' || reading.intent === 'convert.ask' || Object.values(reading.draft || {}).some((value) => value !== null && value !== '')
}

module.exports = { CATEGORIES, MODES, UNITS, labelOf, marksOf, changed, emptyFields, bodyOf, without, isRecord }
