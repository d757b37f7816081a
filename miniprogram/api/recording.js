/** Recording an activity: what the service may ask on the way (consent, "the same again?") is asked here. */
'use strict'
const { act, sure } = require('./doing')
const { read } = require('./client')
const { learn } = require('./session')
const { asProblem } = require('./problem')
const { bodyOf } = require('../views/drafts')
const { say } = require('../wording/index')

/**
 * @param {any} page whose `data` has `busy`
 * @param {{path: string, draft: Record<string, any>, label: string, key: string}} asked `key` belongs to this draft: the same until it is answered
 * @param {{consent?: boolean, anyway?: boolean}} [agreed]
 * @returns {Promise<{entry?: any, waits?: boolean, errors?: {field: string, text: string}[], refused?: Error, again?: boolean}>}
 */
async function record(page, asked, agreed = {}) {
  const key = asked.key + (agreed.consent ? '-c' : '') + (agreed.anyway ? '-a' : '') // what is said in addition makes another write
  const done = await act(page, { path: asked.path, label: asked.label, body: { ...bodyOf(asked.draft), ...agreed }, key })
  if (done.answer) return { entry: done.answer }
  if (!done.refused) return done
  if (done.refused.code === 'consent_needed' && !agreed.consent) {
    if (!(await consents())) return { refused: undefined }
    learn({ consented: true })
    return record(page, asked, { ...agreed, consent: true })
  }
  if (done.refused.code === 'alike' && !agreed.anyway) {
    const again = await sure({ title: say('record.alike'), content: say('record.alike_content'), yes: say('record.alike_yes') })
    return again ? record(page, asked, { ...agreed, anyway: true }) : { refused: undefined }
  }
  return { refused: done.refused, errors: done.refused.errors }
}

/** Shows what is kept and why before the first record is. */
async function consents() {
  let notice = say('profile.consent_note')
  try {
    notice = (await read('/me')).data.notice || notice
  } catch (error) {
    asProblem(error)
  }
  return sure({ title: say('record.consent'), content: notice, yes: say('record.consent_yes') })
}

module.exports = { record, consents }
