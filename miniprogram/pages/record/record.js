/**
 * Record: a sentence fills the form as the service reads it, pickers correct it, and what it gives is shown before it is
 * kept. The draft and its key stay on the phone until the service has answered.
 */
'use strict'
const { words, say } = require('../../wording/index')
const { write, newKey } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const { session } = require('../../api/session')
const { record } = require('../../api/recording')
const { sure, tell } = require('../../api/doing')
const drafts = require('../../store/drafts')
const { emptyFields, without, isRecord } = require('../../views/drafts')
const { previewOf, conversionOf } = require('../../views/preview')
const { number } = require('../../views/dates')

const FORM = 'record'
const PAUSE = 500
const FRESH = { text: '', open: false, draft: {}, unsure: [], missing: [], candidates: [], key: '', rest: [], several: '' }

Component({
  data: {
    words: words.record,
    grantText: words.grant.review,
    state: 'loading',
    problem: '',
    ...FRESH,
    draft: /** @type {Record<string, any>} */ ({}),
    unsure: /** @type {string[]} */ ([]),
    missing: /** @type {string[]} */ ([]),
    candidates: /** @type {any[]} */ ([]),
    rest: /** @type {any[]} */ ([]),
    errors: /** @type {any[]} */ ([]),
    preview: previewOf(null),
    said: '',
    saidBad: false,
    reading: false,
    busy: false,
    done: /** @type {any} */ (null),
    timer: 0,
    asked: 0,
  },
  methods: {
    onShow() {
      if (this.data.state !== 'full') this.begin()
    },
    async begin() {
      try {
        await session()
      } catch (error) {
        asProblem(error) // without a network a draft can be written all the same
      }
      const kept = drafts.find(FORM)
      this.setData({ ...FRESH, ...kept, state: 'full', done: null, said: kept ? say('record.draft_kept') : '', saidBad: false })
      if (kept && kept.open) this.convert()
    },
    keep() {
      const { text, open, draft, unsure, missing, candidates, key, rest, several } = this.data
      drafts.keep(FORM, { text, open, draft, unsure, missing, candidates, key, rest, several })
    },
    typed(event) {
      this.setData({ text: event.detail.value })
      this.keep()
    },
    /** The sentence as the service reads it. */
    async read() {
      const { text, reading } = this.data
      if (!text.trim() || reading) return
      this.setData({ reading: true, said: '' })
      try {
        const got = await write('POST', '/readings', { text }, newKey())
        const spoken = isRecord(got)
        this.take(spoken ? got : { draft: {}, missing: [], unsure: [] }, spoken ? (got.drafts || []).slice(1) : [])
        this.setData({ preview: previewOf(got.preview), said: spoken ? got.objection || '' : say('record.other_intent'), saidBad: true })
      } catch (error) {
        this.setData({ said: asProblem(error).message, saidBad: true, open: true })
      } finally {
        this.setData({ reading: false })
        this.keep()
      }
    },
    /** Puts a reading into the form. @param {any} got @param {any[]} rest further activities of the same sentence */
    take(got, rest) {
      const total = rest.length + 1
      this.setData({
        open: true,
        draft: got.draft || {},
        unsure: got.unsure || [],
        missing: got.missing || [],
        candidates: got.candidates || [],
        errors: [],
        key: newKey(),
        rest,
        several: total > 1 ? say('record.several', { n: total, i: 1 }) : '',
      })
      this.keep()
    },
    byHand() {
      this.setData({ open: true, key: newKey() })
      this.keep()
    },
    changed(event) {
      const { value, fields } = event.detail
      this.setData({
        draft: value,
        key: newKey(), // another content is another write
        unsure: without(this.data.unsure, fields),
        missing: without(this.data.missing, fields),
        errors: this.data.errors.filter((each) => !fields.includes(each.field)),
        candidates: fields.includes('start') ? [] : this.data.candidates,
      })
      this.keep()
      clearTimeout(this.data.timer)
      this.setData({ timer: /** @type {any} */ (setTimeout(() => this.convert(), PAUSE)) })
    },
    /** What the draft as it now stands would give. */
    async convert() {
      const body = conversionOf(this.data.draft)
      const asked = this.data.asked + 1
      this.setData({ asked })
      if (!body) return this.setData({ preview: previewOf(null) })
      try {
        const got = await write('POST', '/conversions', body, newKey())
        if (asked === this.data.asked) this.setData({ preview: previewOf(got) })
      } catch (error) {
        const problem = asProblem(error)
        const note = problem.passing ? say('record.preview_offline') : problem.message
        if (asked === this.data.asked) this.setData({ preview: { ...previewOf(null), note } })
      }
    },
    async submit() {
      const { draft, rest } = this.data
      const missing = emptyFields(draft)
      if (missing.length) {
        this.setData({ missing })
        wx.showToast({ title: say('record.incomplete'), icon: 'none' })
        return
      }
      const key = this.data.key || newKey()
      this.setData({ key })
      this.keep()
      const done = await record(this, { path: '/entries', draft, label: say('record.label', { title: draft.title }), key })
      if (done.entry || done.waits) return this.settled(done.entry, rest)
      this.setData({ errors: done.errors || [] })
      if (done.refused && !(done.errors && done.errors.length)) tell(done)
      if (done.refused) this.setData({ key: newKey() })
      this.keep()
    },
    /** @param {any} entry null while it waits for a network @param {any[]} rest */
    settled(entry, rest) {
      drafts.drop(FORM)
      this.setData({ ...FRESH, preview: previewOf(null), said: '', errors: [] })
      if (rest.length) {
        wx.showToast({ title: entry ? say('record.done') : say('outbox.waits'), icon: 'none' })
        this.take({ draft: rest[0] }, rest.slice(1))
        this.convert()
        return
      }
      const counted = entry && entry.hours !== null && entry.hours !== undefined
      this.setData({
        done: entry
          ? { id: entry.id, title: say('record.done'), text: counted ? say('record.done_hours', { n: number(entry.hours) }) : say('record.done_open') }
          : { id: '', title: say('outbox.waits'), text: say('record.done_waits') },
      })
    },
    async drop() {
      if (!(await sure({ title: say('record.drop_title'), content: say('record.drop_content'), yes: say('record.drop') }))) return
      drafts.drop(FORM)
      this.setData({ ...FRESH, preview: previewOf(null), said: '', errors: [] })
    },
    more() {
      this.setData({ done: null })
    },
    see() {
      wx.navigateTo({ url: `/pages/entry/entry?entry=${this.data.done.id}` })
    },
    attach() {
      wx.navigateTo({ url: `/pages/photo/photo?entry=${this.data.done.id}` })
    },
    photo() {
      wx.navigateTo({ url: '/pages/photo/photo' })
    },
  },
})
