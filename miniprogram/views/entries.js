/** Entries as rows and as a page. */
'use strict'
const { words, say } = require('../wording/index')
const { days, moment, number } = require('./dates')

const STATES = [{ code: '', label: words.entries.all }, ...Object.entries(words.entries.states).map(([code, label]) => ({ code, label }))]

/** @param {any} entry a list entry of the service */
function entryRow(entry) {
  const hours = say('number.hours', { n: number(entry.hours) })
  const when = days(entry.start, entry.end)
  return {
    id: entry.id,
    title: entry.title || entry.mode_label,
    hours: entry.hours === null ? say('number.open') : hours,
    about: [when, entry.category_label, entry.title && entry.mode_label].filter(Boolean).join(' · '),
    state: entry.state,
    stateLabel: entry.appealed && entry.state === 'returned' ? say('entries.appealed') : entry.state_label,
    why: entry.why ? say('entries.why', { why: entry.why }) : '',
    proof: entry.state === 'withdrawn' ? '' : entry.proofs ? say('entries.proofs', { n: entry.proofs }) : say('entries.no_proof'),
    spoken: [entry.title || entry.mode_label, hours, when, entry.state_label].join('，'),
  }
}

/** @param {any} entry an entry in full */
function entryView(entry) {
  const reason = entry.reason
  return {
    state: 'full',
    title: entry.title || entry.mode_label,
    entryState: entry.state,
    stateLabel: entry.state_label,
    hours: entry.hours === null ? '' : number(entry.hours),
    rows: [
      { name: say('entry.days'), value: days(entry.start, entry.end) },
      { name: say('entry.category'), value: entry.category_label },
      { name: say('entry.mode'), value: entry.mode_label },
      { name: say('entry.amount'), value: entry.amount },
      { name: say('entry.organizer'), value: entry.organizer },
      { name: say('entry.year'), value: say('date.year', { year: entry.year }) },
    ].filter((row) => row.value),
    waiting: entry.waiting ? entry.waiting.text : '',
    reason: reason ? [reason.label, reason.words].filter(Boolean).join('：') : '',
    pictures: (entry.pictures || []).map((each) => ({ photo: each.photo, path: each.path, removed: each.removed })),
    history: (entry.history || []).map((each) => ({ at: moment(each.at), what: each.what, text: each.text })),
    may: Object.fromEntries((entry.may || []).map((verb) => [verb, true])),
    replacedBy: entry.replaced_by || '',
    draft: draftOf(entry),
  }
}

/** What of an entry can be corrected. @param {any} entry */
function draftOf(entry) {
  const { title, organizer, start, end, category, mode, quantity, unit, attrs } = entry
  return { title, organizer, start, end, category, mode, quantity, unit, attrs: attrs || {} }
}

module.exports = { STATES, entryRow, entryView }
