/** Days, times and numbers as they are read here. */
'use strict'
const { say } = require('../wording/index')

/** @param {string | null | undefined} iso `2026-11-21` or a time with offset @param {number} [year] the year that needs no saying */
function day(iso, year = new Date().getFullYear()) {
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(iso || '')
  if (!parts) return ''
  const values = { year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3] || 0) }
  if (!parts[3]) return say('date.month', values)
  return say(values.year === year ? 'date.day' : 'date.day_of_year', values)
}

/** @param {string | null | undefined} start @param {string | null | undefined} end */
function days(start, end) {
  if (!start) return ''
  if (!end || end === start) return day(start)
  return say('date.range', { start: day(start), end: day(end, Number(start.slice(0, 4)) || undefined) })
}

/** @param {number | string} time ms of this phone, or ISO with offset, which is read as the service's clock shows it */
function moment(time) {
  const iso = typeof time === 'number' ? local(new Date(time)) : time
  const parts = /^(\d{4}-(\d{2})-(\d{2}))T(\d{2}:\d{2})/.exec(iso || '')
  if (!parts) return ''
  if (parts[1] === isoDay()) return say('date.today', { clock: parts[4] })
  return say('date.moment', { month: Number(parts[2]), day: Number(parts[3]), clock: parts[4] })
}

/** @param {Date} at */
function local(at) {
  return `${isoDay(at)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

const two = (n) => String(n).padStart(2, '0')

/** The phone's day as ISO. @param {Date} [at] */
function isoDay(at = new Date()) {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** Hours without a tail of zeros. @param {number | null | undefined} hours */
function number(hours) {
  return hours === null || hours === undefined ? say('number.open') : String(Math.round(hours * 100) / 100)
}

module.exports = { day, days, moment, isoDay, number }
