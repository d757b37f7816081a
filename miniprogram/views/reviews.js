/** HR's queue and one file of it. */
'use strict'
const { say } = require('../wording/index')
const { days, number } = require('./dates')
const { stepRows } = require('./citations')

/** @param {number} hours */
function waitedText(hours) {
  if (hours < 1) return say('reviews.minutes')
  return hours < 48 ? say('reviews.hours', { n: Math.floor(hours) }) : say('reviews.days', { n: Math.floor(hours / 24) })
}

/** @param {any} item of GET /reviews */
function reviewRow(item) {
  const about = [days(item.start, item.end), item.amount].filter(Boolean).join(' · ')
  return {
    id: item.id,
    name: item.name,
    department: item.department || '',
    title: item.title,
    about,
    waited: say('reviews.waited', { n: waitedText(item.waited_hours) }),
    appealed: item.appealed,
    spoken: [item.name, item.department, item.title, about].filter(Boolean).join('，'),
  }
}

/** @param {any} file of GET /reviews/{id} */
function reviewView(file) {
  const entry = file.entry
  return {
    state: 'full',
    title: file.title,
    person: [file.name, file.department].filter(Boolean).join(' · '),
    hours: file.hours === null ? '' : say('number.hours', { n: number(file.hours) }),
    rows: [
      { name: say('entry.days'), value: days(entry.start, entry.end) },
      { name: say('entry.category'), value: entry.category_label },
      { name: say('entry.mode'), value: entry.mode_label },
      { name: say('entry.amount'), value: entry.amount },
      { name: say('entry.organizer'), value: file.organizer },
    ].filter((row) => row.value),
    steps: stepRows(file.steps),
    read: (file.read || []).map((each) => each.text),
    hints: (file.hints || []).map((each) => each.text.replace(/^[!！]\s*/, '')), // the chat's mark; here a heading says so
    appeal: file.appeal || '',
    pictures: (file.pictures || []).map((each) => ({ photo: each.photo, path: each.path, file: '' })),
    codes: file.codes || [],
  }
}

module.exports = { reviewRow, reviewView, waitedText }
