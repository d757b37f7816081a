/** What the pages about oneself show. */
'use strict'
const { words, say } = require('../wording/index')
const { moment } = require('./dates')
const { choicesOf } = require('./choices')

/** @param {any} me of GET /me */
function meView(me) {
  const row = (page, more = {}) => ({ page, label: words.me[page], ...more })
  const binding = me.bound_chat ? { page: 'binding', label: say('me.bound') } : { page: 'binding', label: say('me.unbound'), note: say('me.unbound_note') }
  return {
    state: 'full',
    name: me.name || say('me.nobody'),
    initial: me.name ? [...me.name][0] : '·',
    about: [me.region ? me.region_name : say('me.no_region'), ...(me.units || [])].filter(Boolean).join(' · '),
    groups: [
      ...(me.roles.length ? [{ key: 'review', rows: [row('reviews')] }] : []),
      { key: 'hours', rows: [row('readiness'), row('plan'), row('reminders'), row('exports')] },
      { key: 'self', rows: [row('profile'), binding, row('privacy')] },
    ],
  }
}

const FIELDS = ['region', 'work_field', 'name', 'employer', 'level', 'target_level', 'review_year', 'appointment_start']

/** What of oneself can be changed. @param {any} me @returns {Record<string, any>} */
function profileOf(me) {
  return Object.fromEntries(FIELDS.map((field) => [field, me[field] === undefined ? null : me[field]]))
}

/** Only what has changed. @param {Record<string, any>} before @param {Record<string, any>} now */
function changesOf(before, now) {
  return Object.fromEntries(FIELDS.filter((field) => (before[field] ?? null) !== (now[field] || null)).map((field) => [field, now[field] || null]))
}

/** The pickers of the profile. @param {Record<string, any>} profile @param {{place: string, name: string}[]} places @param {number} year */
function profilePickers(profile, places, year) {
  const years = Array.from({ length: 6 }, (_, index) => ({ code: year + index, label: say('date.year', { year: year + index }) }))
  const picker = (field, list) => choicesOf(field, words.profile[field], list, profile[field], { code: null, label: say('profile.unset') })
  return {
    settings: [picker('region', places.map(({ place, name }) => ({ code: place, label: name }))), picker('work_field', listed(words.profile.work_fields))],
    review: [picker('level', listed(words.profile.levels)), picker('target_level', listed(words.profile.levels)), picker('review_year', years)],
  }
}

/** @param {Record<string, string>} labels */
const listed = (labels) => Object.entries(labels).map(([code, label]) => ({ code, label }))

/** @param {any} got of GET /privacy */
function privacyView(got) {
  return {
    state: got.kept.some((each) => each.count) ? 'full' : 'empty',
    notice: got.notice.split('\n').filter(Boolean),
    consented: got.consented_at ? say('privacy.consented', { at: moment(got.consented_at) }) : '',
    kept: got.kept.map((each) => ({ label: each.label, count: say('privacy.count', { n: each.count }) })),
    looks: got.looks.map((each, key) => ({ key, who: say('privacy.look', { unit: each.unit || '', who: each.who }), what: words.privacy.looked[each.what] || '', at: moment(each.at) })),
    confirm: got.confirm,
  }
}

module.exports = { meView, profileOf, changesOf, profilePickers, privacyView }
