/** Profile: what the conversions need, and, after consent, what forms and reviews need. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { read, newKey } = require('../../api/client')
const { learn } = require('../../api/session')
const { asProblem } = require('../../api/problem')
const { act, tell } = require('../../api/doing')
const { consents } = require('../../api/recording')
const drafts = require('../../store/drafts')
const { day, isoDay } = require('../../views/dates')
const { profileOf, changesOf, profilePickers } = require('../../views/me')

const FORM = 'profile'

Component({
  data: {
    words: words.profile,
    state: 'loading',
    stale: '',
    problem: '',
    consented: false,
    before: /** @type {Record<string, any>} */ ({}),
    profile: /** @type {Record<string, any>} */ ({}),
    places: /** @type {any[]} */ ([]),
    settings: /** @type {any[]} */ ([]),
    review: /** @type {any[]} */ ([]),
    appointment: '',
    today: isoDay(),
    dirty: false,
    busy: false,
    key: '',
  },
  methods: {
    onShow() {
      this.load()
    },
    async load() {
      try {
        this.setData({ places: (await read('/places')).data.items.map(({ place, name }) => ({ place, name })) })
      } catch (error) {
        asProblem(error)
      }
      await show(this, '/me', undefined, (me) => {
        const kept = drafts.find(FORM)
        const before = profileOf(me)
        return { state: 'full', consented: me.consented, before, key: kept ? kept.key : newKey(), ...this.drawn(kept ? { ...before, ...kept.changes } : before, before) }
      })
    },
    /** @param {Record<string, any>} profile @param {Record<string, any>} before */
    drawn(profile, before) {
      const dirty = Object.keys(changesOf(before, profile)).length > 0
      return { profile, dirty, appointment: day(profile.appointment_start) || say('profile.unset'), ...profilePickers(profile, this.data.places, new Date().getFullYear()) }
    },
    /** @param {Record<string, any>} change */
    change(change) {
      const profile = { ...this.data.profile, ...change }
      const key = newKey()
      this.setData({ key, ...this.drawn(profile, this.data.before) })
      drafts.keep(FORM, { changes: changesOf(this.data.before, profile), key })
    },
    typed(event) {
      this.change({ [event.currentTarget.dataset.field]: event.detail.value })
    },
    picked(event) {
      const { list, at } = event.currentTarget.dataset
      const picker = this.data[/** @type {'settings'|'review'} */ (list)][at]
      this.change({ [picker.field]: picker.items[Number(event.detail.value)].code })
    },
    async consent() {
      if (!(await consents())) return
      const done = await act(this, { path: '/me/consent', body: { accepted: true }, label: say('profile.consent_label') })
      tell(done)
      if (!done.answer) return
      learn({ consented: true })
      this.load()
    },
    async save() {
      const changes = changesOf(this.data.before, this.data.profile)
      if (!Object.keys(changes).length) return
      const done = await act(this, { method: 'PATCH', path: '/me', body: changes, key: this.data.key, label: say('profile.label') })
      if (done.again) return
      tell(done)
      if (done.refused) return this.setData({ key: newKey() })
      drafts.drop(FORM)
      if (done.waits) return this.setData({ dirty: false })
      learn({ name: done.answer.name })
      wx.showToast({ title: say('outbox.saved') })
      this.load()
    },
  },
})
