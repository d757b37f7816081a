/** What home shows of a year's summary. */
'use strict'
const { words, say } = require('../wording/index')
const { day, number } = require('./dates')
const { citationRow } = require('./citations')
const { leads } = require('./ways')

const SOON = 30

/** The years that can be looked at, latest first. @param {number} year */
function yearsUntil(year) {
  return [year, year - 1, year - 2, year - 3]
}

/** @param {any} summary */
function homeView(summary) {
  const categories = summary.categories.map(categoryRow)
  return {
    state: summary.entries === 0 ? 'empty' : 'full',
    title: summary.title,
    place: summary.region_name,
    complete: summary.complete === true,
    missing: number(summary.missing),
    ring: ringParts(summary),
    ringLabel: say('home.ring', { title: summary.title, parts: categories.map((each) => each.spoken).join('，') }),
    categories: [...categories, ...(summary.total && summary.total.required ? [categoryRow(summary.total)] : [])],
    safe: safeDay(summary.last_safe_day, summary.complete === true),
    next: summary.next.map((each) => ({
      text: each.text,
      action: each.action,
      citation: citationRow(each.citation),
      label: leads(each.action) ? words.home.action[each.action] || '' : '',
    })),
    deemed: deemedText(summary.deemed),
    notes: notesOf(summary),
  }
}

/** Each category's hours as a share of what the year needs, in the ring's order. */
function ringParts(summary) {
  const had = summary.categories.reduce((sum, each) => sum + each.have, 0)
  const needed = summary.total && summary.total.required ? summary.total.required : summary.categories.reduce((sum, each) => sum + (each.required || 0), 0)
  const whole = Math.max(needed, had)
  if (!whole) return summary.complete === true ? [{ colour: 'accent', share: 1 }] : []
  return summary.categories.map((each) => ({ colour: each.name, share: each.have / whole }))
}

function categoryRow(each) {
  const waived = each.strength === 'waived'
  const bounded = Boolean(each.required) && !waived
  const values = { have: number(each.have), required: number(each.required), label: each.label }
  return {
    name: each.name,
    label: each.label,
    amount: say(waived ? 'home.waived' : bounded ? 'home.of' : 'home.no_minimum', values),
    spoken: bounded ? say('home.part', values) : `${each.label}${say(waived ? 'home.waived' : 'home.no_minimum', values)}`,
    bar: bounded,
    share: bounded ? Math.min(100, Math.round((each.have / each.required) * 100)) : 0,
    pending: each.pending ? say('home.pending', { n: say('number.hours', { n: number(each.pending) }) }) : '',
  }
}

function safeDay(safe, complete) {
  if (!safe || complete) return null
  return {
    day: day(safe.day),
    left: safe.days_left < 0 ? say('home.passed') : say('home.days_left', { n: safe.days_left }),
    soon: safe.days_left <= SOON,
    text: safe.text,
    provisional: safe.provisional,
  }
}

function deemedText(deemed) {
  return deemed && typeof deemed === 'object' ? deemed.text || '' : ''
}

function notesOf(summary) {
  const notes = [...(summary.notes || []), ...(summary.flags || []).map((flag) => flag.text)]
  if (summary.region_known === false) notes.unshift(say('home.unknown_region'))
  if (summary.uncounted) notes.push(say('home.uncounted', { n: summary.uncounted }))
  return [...new Set(notes)]
}

module.exports = { homeView, yearsUntil }
