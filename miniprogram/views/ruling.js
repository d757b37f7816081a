/** What a ruling's page shows. */
'use strict'
const { say } = require('../wording/index')
const { number } = require('./dates')
const { citationRow, stepRows } = require('./citations')
const { paragraphs } = require('./parts')

/** @param {any} ruling of a year, or of one entry (`entry` set) */
function rulingView(ruling) {
  const steps = stepRows(ruling.steps)
  const hours = ruling.hours === null ? '' : say('number.hours', { n: number(ruling.hours) })
  return {
    state: steps.length || ruling.hours !== null ? 'full' : 'empty',
    title: ruling.title,
    place: `${say('date.year', { year: ruling.year })} · ${ruling.region_name}`,
    name: ruling.entry ? say('ruling.gives') : say('ruling.year', { year: ruling.year }),
    hours: hours || say('number.open'),
    counts: ruling.entry && ruling.counts !== ruling.hours && ruling.counts !== null ? say('ruling.counts', { n: number(ruling.counts) }) : '',
    steps,
    caps: (ruling.caps || []).map(capRow),
    flags: (ruling.flags || []).map((flag) => flag.text),
    quotes: (ruling.quotes || []).map((quote) => {
      const source = citationRow(quote.citation) || { label: '', path: '' }
      return { label: source.label, path: source.path, summary: quote.summary, paragraphs: paragraphs(quote.text) }
    }),
  }
}

function capRow(cap) {
  const bound = cap.before !== cap.after
  return { text: cap.text, citation: citationRow(cap.citation), change: bound ? say('ruling.cap', { before: number(cap.before), after: number(cap.after) }) : '' }
}

module.exports = { rulingView }
