/** One record: where it stands and why, its pictures and history, and what can be done with it. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { fetchFile, newKey } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const { act, tell, sure } = require('../../api/doing')
const drafts = require('../../store/drafts')
const { entryView } = require('../../views/entries')
const { bodyOf, emptyFields } = require('../../views/drafts')

Component({
  properties: { entry: { type: String, value: '' }, fresh: { type: String, value: '' } },
  data: {
    words: words.entry,
    actions: words.action,
    grantText: words.grant.review,
    unit: words.unit.class_hour,
    state: 'loading',
    stale: '',
    problem: '',
    title: '',
    pictures: /** @type {any[]} */ ([]),
    draft: /** @type {Record<string, any>} */ ({}),
    edited: /** @type {Record<string, any>} */ ({}),
    errors: /** @type {any[]} */ ([]),
    missing: /** @type {string[]} */ ([]),
    replacedBy: '',
    doing: /** @type {''|'correct'|'appeal'} */ (''),
    appeal: '',
    key: '',
    busy: false,
  },
  methods: {
    onShow() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    async load() {
      const kept = drafts.find(this.form())
      if (kept && !this.data.doing) this.setData(kept)
      const entry = await show(this, `/entries/${this.data.entry}`, undefined, entryView)
      if (entry) this.fetchPictures()
    },
    form() {
      return `entry:${this.data.entry}`
    },
    async fetchPictures() {
      for (const [index, picture] of this.data.pictures.entries()) {
        if (picture.removed || picture.file) continue
        try {
          const file = await fetchFile(picture.path)
          if (this.data.pictures[index] && this.data.pictures[index].photo === picture.photo) this.setData({ [`pictures[${index}].file`]: file })
        } catch (error) {
          asProblem(error) // the rest of the page stands without it
        }
      }
    },
    enlarge(event) {
      wx.previewImage({ urls: [event.currentTarget.dataset.file] })
    },
    toRuling() {
      wx.navigateTo({ url: `/pages/ruling/ruling?entry=${this.data.entry}` })
    },
    toNewer() {
      wx.redirectTo({ url: `/pages/entry/entry?entry=${this.data.replacedBy}` })
    },
    attach() {
      wx.navigateTo({ url: `/pages/photo/photo?entry=${this.data.entry}&title=${encodeURIComponent(this.data.title)}` })
    },
    begin() {
      this.setData({ doing: 'correct', edited: this.data.draft, errors: [], missing: [], key: newKey() })
    },
    beginAppeal() {
      this.setData({ doing: 'appeal', key: newKey() })
    },
    keep() {
      const { doing, edited, appeal, key } = this.data
      drafts.keep(this.form(), { doing, edited, appeal, key })
    },
    changed(event) {
      this.setData({ edited: event.detail.value, missing: [], errors: this.data.errors.filter((each) => !event.detail.fields.includes(each.field)), key: newKey() })
      this.keep()
    },
    appealTyped(event) {
      this.setData({ appeal: event.detail.value, key: newKey() })
      this.keep()
    },
    leave() {
      drafts.drop(this.form())
      this.setData({ doing: '', errors: [], missing: [], appeal: '' })
    },
    async correct() {
      const missing = emptyFields(this.data.edited)
      if (missing.length) return this.setData({ missing })
      const done = await this.send('correction', bodyOf(this.data.edited))
      if (done.refused) this.setData({ errors: done.refused.errors })
    },
    async sendAppeal() {
      if (this.data.appeal.trim()) await this.send('appeal', { words: this.data.appeal.trim() })
    },
    async withdraw() {
      const yes = await sure({ title: say('entry.withdraw_title'), content: say('entry.withdraw_content'), yes: say('entry.withdraw_yes') })
      if (yes) await this.send('withdrawal', {})
    },
    /** @param {'correction'|'appeal'|'withdrawal'} verb @param {unknown} body */
    async send(verb, body) {
      const asked = { path: `/entries/${this.data.entry}/${verb}`, body, label: say('entry.label', { title: this.data.title }), key: this.data.key || newKey() }
      const done = await act(this, asked)
      if (done.again) return done
      if (done.refused) this.setData({ key: newKey() })
      if (!done.refused || !done.refused.errors.length) tell(done)
      if (!done.answer) {
        if (done.waits) this.leave()
        return done
      }
      this.leave()
      this.setData({ key: '' })
      wx.showToast({ title: say('outbox.saved') })
      if (done.answer.id !== this.data.entry) wx.redirectTo({ url: `/pages/entry/entry?entry=${done.answer.id}` })
      else await this.load()
      return done
    },
  },
})
