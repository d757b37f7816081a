/** Photos of proofs as rows, and what was read from one as drafts. */
'use strict'
const { say } = require('../wording/index')
const { moment } = require('./dates')
const { previewOf } = require('./preview')

const TAGS = { reading: 'tag-waiting', read: 'tag-verified', flawed: 'tag-returned' }

/** @param {any} proof */
function proofRow(proof) {
  return {
    photo: proof.photo,
    title: proof.title || say('photo.untitled'),
    at: moment(proof.kept_at),
    tag: TAGS[proof.state] || '',
    label: proof.state in TAGS ? say(`photo.state.${proof.state}`) : '',
  }
}

/** One draft for each activity on the photo; an empty one when nothing could be read. @param {any} got */
function readingsOf(got) {
  const found = got.drafts && got.drafts.length ? got.drafts : [{ draft: got.draft || {}, missing: [], unsure: [], objections: [], preview: null }]
  return found.map((each) => ({
    draft: each.draft || {},
    missing: each.missing || [],
    unsure: each.unsure || [],
    objections: (each.objections || []).map((objection) => objection.text),
    preview: previewOf(each.preview),
  }))
}

module.exports = { proofRow, readingsOf }
