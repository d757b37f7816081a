/**
 * Signing in: wx.login's code for a token of ours. The platform's session key never comes here. One sign-in at a time,
 * whatever the number of pages that wait for it.
 */
'use strict'
const { send } = require('./http')
const { Problem, problemOf } = require('./problem')

const KEY = 'session'
const EARLY = 60 * 1000 // a token about to expire is renewed before it is used

/** @type {Promise<Session> | null} */
let running = null

/** @returns {Session | null} */
function kept() {
  return wx.getStorageSync(KEY) || null
}

/** Who uses this phone, '' before the first sign-in: what is kept on the phone is kept by person. */
function personId() {
  const session = kept()
  return session ? session.person.id : ''
}

/** @returns {Promise<Session>} one whose token is good for at least a minute */
function session() {
  const now = kept()
  if (now && (now.good_until || 0) - Date.now() > EARLY) return Promise.resolve(now)
  return renewed()
}

/** @returns {Promise<Session>} a new token, by the refresh token if there is one, else by wx.login */
function renewed() {
  if (!running) {
    running = renew().finally(() => {
      running = null
    })
  }
  return running
}

async function renew() {
  const old = kept()
  if (old && old.refresh_token) {
    const answer = await send({ method: 'POST', path: '/refresh', body: { refresh_token: old.refresh_token } })
    if (answer.status === 200) return keep(dated({ ...old, ...answer.body }))
    if (answer.status !== 401 && answer.status !== 403) throw problemOf(answer.status, answer.body, answer.headers)
  }
  const answer = await send({ method: 'POST', path: '/login', body: { code: await loginCode() } })
  if (answer.status !== 200) throw problemOf(answer.status, answer.body, answer.headers)
  return keep(dated(answer.body))
}

/** The phone's clock may be wrong: how long the token lives is counted from now. @param {Session} session */
function dated(session) {
  return { ...session, good_until: Date.now() + session.expires_in * 1000 }
}

/** @returns {Promise<string>} */
function loginCode() {
  return new Promise((resolve, reject) => {
    wx.login({
      success: (got) => (got.code ? resolve(got.code) : reject(new Problem('signed_out'))),
      fail: () => reject(new Problem('offline')),
    })
  })
}

/** @param {Session} session */
function keep(session) {
  wx.setStorageSync(KEY, session)
  return session
}

/** What the service now says of the person (consent given, chat bound). @param {Partial<Person>} facts */
function learn(facts) {
  const now = kept()
  if (now) keep({ ...now, person: { ...now.person, ...facts } })
}

function forget() {
  wx.removeStorageSync(KEY)
}

module.exports = { session, renewed, personId, kept, learn, forget }
