/**
 * A proof by photo: taken or chosen, cropped in the platform's own editor, read by the service, corrected, confirmed.
 * With `entry` the photo is handed in for a record that is there already.
 */
'use strict'
const { words, say } = require('../../wording/index')
const { read, fetchFile, newKey } = require('../../api/client')
const { show } = require('../../api/showing')
const { asProblem } = require('../../api/problem')
const { record } = require('../../api/recording')
const { act, tell } = require('../../api/doing')
const drafts = require('../../store/drafts')
const { emptyFields, without } = require('../../views/drafts')
const { plain } = require('../../views/query')
const { previewOf } = require('../../views/preview')
const { proofRow, readingsOf } = require('../../views/proofs')
const { keepFile, takePhoto, editPhoto, canEdit } = require('../../store/files')

const EVERY = 1500
const LONG = 30000

Component({
  properties: { entry: { type: String, value: '' }, title: { type: String, value: '' }, photo: { type: String, value: '' } },
  data: {
    words: words.photo,
    previewTitle: words.record.preview,
    heading: words.photo.heading,
    state: 'loading',
    stale: '',
    problem: '',
    step: /** @type {'choose'|'chosen'|'sent'|'read'} */ ('choose'),
    proofs: /** @type {any[]} */ ([]),
    file: '',
    key: '',
    current: '',
    progress: '',
    canEdit: false,
    flaw: '',
    several: '',
    readings: /** @type {any[]} */ ([]),
    at: 0,
    draft: /** @type {Record<string, any>} */ ({}),
    unsure: /** @type {string[]} */ ([]),
    missing: /** @type {string[]} */ ([]),
    objections: /** @type {string[]} */ ([]),
    errors: /** @type {any[]} */ ([]),
    preview: previewOf(null),
    busy: false,
    timer: 0,
    gone: false,
  },
  lifetimes: {
    detached() {
      clearTimeout(this.data.timer)
      this.data.gone = true
    },
  },
  methods: {
    onLoad() {
      const { entry, title, photo } = this.data
      this.setData({ canEdit: canEdit(), heading: entry ? say('photo.attach_heading', { title: plain(title) }) : say('photo.heading') })
      const kept = drafts.find(this.form())
      if (photo) this.resume(photo)
      else if (kept && kept.file) this.setData({ state: 'full', step: 'chosen', file: kept.file, key: kept.key })
      else this.load()
    },
    form() {
      return this.data.entry ? `photo:${this.data.entry}` : 'photo'
    },
    async load() {
      if (this.data.entry) return this.setData({ state: 'full' })
      await show(this, '/proofs', undefined, (page) => ({ state: 'full', proofs: page.items.filter((each) => !each.removed && !each.entries.length).map(proofRow) }))
      // nothing that can be read is no reason not to take a photo
      if (this.data.state === 'error') this.setData({ state: 'full', stale: this.data.problem })
    },
    async choose(event) {
      const file = await takePhoto(event.currentTarget.dataset.source)
      if (!file) return
      this.setData({ step: 'chosen', file: await keepFile(file), key: newKey() })
      this.keep()
    },
    keep() {
      drafts.keep(this.form(), { file: this.data.file, key: this.data.key })
    },
    async edit() {
      const file = await editPhoto(this.data.file)
      if (!file) return
      this.setData({ file: await keepFile(file), key: newKey() })
      this.keep()
    },
    again() {
      clearTimeout(this.data.timer)
      drafts.drop(this.form())
      this.setData({ step: 'choose', file: '', progress: '', flaw: '', current: '' })
      this.load()
    },
    enlarge() {
      if (this.data.file) wx.previewImage({ urls: [this.data.file] })
    },
    async use() {
      const { file, key, entry } = this.data
      this.setData({ progress: say('photo.sending') })
      const done = await act(this, { path: '/photos', file, key, label: say('photo.label') })
      if (done.again) return
      if (!done.answer) {
        this.setData({ progress: '' })
        if (done.refused) this.setData({ key: newKey() })
        return tell(done)
      }
      drafts.drop(this.form())
      if (entry) return this.attach(done.answer.photo)
      this.setData({ step: 'sent', current: done.answer.photo, progress: say('photo.reading') })
      this.poll(Date.now())
    },
    /** @param {string} photo */
    async attach(photo) {
      this.setData({ progress: '' })
      const done = await act(this, { path: `/entries/${this.data.entry}/proofs`, body: { photo }, key: newKey(), label: this.data.heading })
      if (!done.answer) return tell(done)
      wx.showToast({ title: say('photo.attached') })
      wx.navigateBack()
    },
    /** A photo that was sent before. @param {string} photo */
    async resume(photo) {
      this.setData({ state: 'full', step: 'sent', current: photo, file: '', progress: say('photo.reading') })
      this.poll(Date.now())
      try {
        const file = await fetchFile(`/photos/${photo}/picture`)
        if (this.data.current === photo) this.setData({ file })
      } catch (error) {
        asProblem(error)
      }
    },
    open(event) {
      this.resume(event.currentTarget.dataset.photo)
    },
    /** Looks until it has been read; a network that is away for a while changes nothing. @param {number} since */
    async poll(since) {
      const photo = this.data.current
      try {
        const got = (await read(`/photos/${photo}`)).data
        if (this.data.gone || photo !== this.data.current) return
        if (got.state !== 'reading') return this.show(got)
      } catch (error) {
        const problem = asProblem(error)
        if (!problem.passing) return this.setData({ step: 'read', progress: '', flaw: problem.message })
      }
      const waited = Date.now() - since
      this.setData({
        progress: waited > LONG ? say('photo.reading_slow') : say('photo.reading'),
        timer: /** @type {any} */ (setTimeout(() => this.poll(since), waited > LONG ? 4 * EVERY : EVERY)),
      })
    },
    /** @param {any} got */
    show(got) {
      const readings = readingsOf(got)
      this.setData({ step: 'read', progress: '', flaw: got.state === 'flawed' ? got.flaw_text || say('photo.unread') : '', readings })
      this.showReading(0)
    },
    /** @param {number} at */
    showReading(at) {
      const { readings, current } = this.data
      const kept = drafts.find(`proof:${current}:${at}`)
      const reading = readings[at]
      this.setData({
        at,
        several: readings.length > 1 ? say('photo.several', { n: readings.length, i: at + 1 }) : '',
        draft: reading.draft,
        unsure: reading.unsure,
        missing: reading.missing,
        objections: reading.objections,
        preview: reading.preview,
        errors: [],
        key: newKey(),
        ...kept,
      })
    },
    changed(event) {
      const { value, fields } = event.detail
      this.setData({
        draft: value,
        key: newKey(),
        unsure: without(this.data.unsure, fields),
        missing: without(this.data.missing, fields),
        errors: this.data.errors.filter((each) => !fields.includes(each.field)),
        preview: fields.every((field) => field === 'title' || field === 'organizer') ? this.data.preview : previewOf(null),
      })
      const { draft, unsure, missing, key, current, at } = this.data
      drafts.keep(`proof:${current}:${at}`, { draft, unsure, missing, key })
    },
    async confirm() {
      const { draft, current, at, readings } = this.data
      const missing = emptyFields(draft)
      if (missing.length) {
        this.setData({ missing })
        wx.showToast({ title: say('record.incomplete'), icon: 'none' })
        return
      }
      const label = say('photo.label_confirm', { title: draft.title })
      const done = await record(this, { path: `/photos/${current}/confirmation`, draft, label, key: this.data.key })
      if (!done.entry && !done.waits) {
        this.setData({ errors: done.errors || [] })
        if (done.refused && !(done.errors && done.errors.length)) tell(done)
        if (done.refused) this.setData({ key: newKey() })
        return
      }
      drafts.drop(`proof:${current}:${at}`)
      if (at + 1 < readings.length) return this.showReading(at + 1)
      if (!done.entry) tell(done)
      if (done.entry) wx.redirectTo({ url: `/pages/entry/entry?entry=${done.entry.id}&fresh=1` })
      else wx.navigateBack()
    },
  },
})
