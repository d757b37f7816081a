/** Reminders as a page, and the wishes that are sent back. */
'use strict'
const { words, say } = require('../wording/index')
const { day } = require('./dates')
const { citationRow } = require('./citations')

/** @param {any} got of GET /reminders */
function remindersView(got) {
  return {
    state: got.stopped && !(got.asked || []).length ? 'empty' : 'full',
    reach: got.can_reach,
    ahead: (got.ahead || []).map((each, key) => ({ key, day: day(each.day), text: each.text.replace(/^· /gm, '') })),
  }
}

/** What the person sets, as PUT /reminders takes it. @param {any} got */
function wishesOf(got) {
  const { stopped, only_stages, more_stages, every, on, asked, snoozed_until } = got
  return { stopped, only_stages, more_stages, every, on, asked, snoozed_until }
}

/** The wishes as choices. @param {any} wishes with `stages`, all that there are */
function wishesView(wishes) {
  const chosen = chosenStages(wishes, wishes.stages || [])
  const every = wishes.every || 'none'
  const onChoices = every === 'week' ? weekdays() : every === 'month' ? monthDays() : []
  return {
    allStages: wishes.stages || [],
    stages: (wishes.stages || []).map((days) => ({ days, label: say('reminders.stage', { n: days }), on: chosen.includes(days) })),
    everies: Object.entries(words.reminders.everies).map(([code, label]) => ({ code, label })),
    every,
    everyLabel: words.reminders.everies[every],
    onChoices,
    onIndex: Math.max(0, (wishes.on || 1) - 1),
    asked: (wishes.asked || []).map((each, key) => ({ key, about: each.about, day: day(each.on) })),
  }
}

const weekdays = () => [...words.reminders.weekdays].map((name) => say('reminders.weekday', { day: name }))
const monthDays = () => Array.from({ length: 28 }, (_, index) => say('reminders.month_day', { day: index + 1 }))

/** @param {any} wishes @param {number[]} all @returns {number[]} */
function chosenStages(wishes, all) {
  return wishes.only_stages || all
}

/** @param {any} wishes @param {number[]} all @param {number} days */
function toggledStage(wishes, all, days) {
  const chosen = chosenStages(wishes, all)
  const next = chosen.includes(days) ? chosen.filter((each) => each !== days) : [...chosen, days]
  return { only_stages: all.filter((each) => next.includes(each)) }
}

/** @param {any} got of GET /deadlines */
function deadlineRows(got) {
  return got.items
    .filter((each) => each.applies && !each.passed)
    .map((each, key) => ({ key, text: each.text, day: day(each.closes), citation: citationRow(each.citation) }))
}

module.exports = { remindersView, wishesOf, wishesView, toggledStage, deadlineRows }
