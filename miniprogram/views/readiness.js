/** The readiness matrix and the plan. */
'use strict'
const { words, say } = require('../wording/index')
const { day, number } = require('./dates')
const { citationRow, stepRows } = require('./citations')

/** @param {any} got of GET /readiness */
function readinessView(got) {
  const asks = (got.asks || []).map((field) => words.readiness.ask[field] || say('readiness.ask_other'))
  return {
    state: got.years.length || asks.length || got.text ? 'full' : 'empty',
    level: got.level || '',
    verdict: say(verdictKey(got.ready)),
    tone: got.ready === null ? '' : got.ready ? 'good' : 'warn',
    assumed: Boolean(got.assumed && got.level),
    text: got.text.replace(/。$/, '') === say(verdictKey(got.ready)) ? '' : got.text,
    average: got.average ? say('readiness.average', { hours: number(got.average.hours), required: number(got.average.required) }) : '',
    asks: [...new Set(asks)],
    years: [...got.years].sort((one, other) => other.year - one.year).map(yearRow),
    steps: stepRows(got.steps),
  }
}

/** @param {boolean | null} ready */
function verdictKey(ready) {
  return ready === null ? 'readiness.open' : ready ? 'readiness.ready' : 'readiness.not_ready'
}

function yearRow(each) {
  const met = each.complete === true
  const open = each.complete === null
  return {
    year: each.year,
    required: number(each.required),
    recognised: number(each.recognised),
    verdict: met ? say('readiness.met') : open && !each.missing ? say('number.open') : say('readiness.not_met', { n: number(each.missing) }),
    tag: met ? 'tag-verified' : open ? 'tag-claimed' : 'tag-returned',
    text: each.text || '',
    citation: citationRow(each.citation),
    open: !met && Boolean(each.fixable_until),
    fixable: !met && each.fixable_until ? say('readiness.fixable', { day: day(each.fixable_until) }) : '',
    spoken: `${each.year} ${each.text || ''}`,
  }
}

/** @param {any} got of GET /plan */
function planView(got) {
  return {
    state: got.missing_total ? 'full' : 'empty',
    enough: !got.missing_total,
    heading: say('plan.heading', { n: number(got.missing_total) }),
    safe: got.last_safe_day ? got.last_safe_day.text : '',
    groups: offerGroups(got),
    shortcuts: stepRows(got.shortcuts),
    notes: got.notes || [],
  }
}

/** Offers by what they help, each with how much of it would be enough. */
function offerGroups(got) {
  const groups = new Map()
  for (const each of got.offers || []) {
    const group = groups.get(each.category) || { category: each.category, label: each.category_label, missing: missingText(got.missing[each.category]), offers: [] }
    groups.set(each.category, group)
    const enough = enoughText(each)
    // ways that the text counts alike under one name are one line
    if (group.offers.some((one) => one.label === each.label && one.enough === enough)) continue
    group.offers.push({
      key: group.offers.length,
      label: each.label,
      enough,
      gives: each.unit === 'class_hour' ? '' : say('plan.offer', { amount: each.amount, hours: number(each.hours) }),
      room: each.room === null || each.room === undefined ? '' : say('plan.room', { n: number(each.room) }),
      asks: each.asks || [],
      citation: citationRow(each.citation),
    })
  }
  return [...groups.values()].map(citedOnce)
}

/** @param {number | undefined} hours */
function missingText(hours) {
  return hours ? say('plan.heading', { n: number(hours) }) : ''
}

function enoughText(each) {
  if (!each.times) return ''
  if (each.unit === 'class_hour') return say('number.hours', { n: number(each.times * each.quantity) })
  return say('plan.times', { n: each.times, amount: each.amount })
}

/** A citation that all offers of a group share stands once, below them. */
function citedOnce(group) {
  const paths = new Set(group.offers.map((each) => (each.citation ? each.citation.label : '')))
  const shared = paths.size === 1 ? group.offers[0].citation : null
  return { ...group, citation: shared, offers: shared ? group.offers.map((each) => ({ ...each, citation: null })) : group.offers }
}

module.exports = { readinessView, planView }
