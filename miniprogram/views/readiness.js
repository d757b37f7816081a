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
    verdict: say(got.ready === null ? 'readiness.open' : got.ready ? 'readiness.ready' : 'readiness.not_ready'),
    tone: got.ready === null ? '' : got.ready ? 'good' : 'warn',
    assumed: Boolean(got.assumed && got.level),
    text: got.text,
    average: got.average ? say('readiness.average', { hours: number(got.average.hours), required: number(got.average.required) }) : '',
    asks: [...new Set(asks)],
    years: got.years.map(yearRow),
    steps: stepRows(got.steps),
  }
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
    text: met ? '' : each.text || '',
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
    offers: (got.offers || []).map((each, index) => ({
      key: index,
      category: each.category,
      label: each.category_label,
      text: say('plan.offer', { amount: each.amount, label: each.label, hours: number(each.hours) }),
      times: each.times ? say('plan.times', { n: each.times }) : '',
      room: each.room === null || each.room === undefined ? '' : say('plan.room', { n: number(each.room) }),
      asks: each.asks || [],
      citation: citationRow(each.citation),
    })),
    shortcuts: stepRows(got.shortcuts),
    notes: got.notes || [],
  }
}

module.exports = { readinessView, planView }
