/** One file of HR's queue: the picture (the look is logged), what is odd, and the two verbs. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { fetchFile, newKey } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const { act, tell } = require('../../api/doing')
const drafts = require('../../store/drafts')
const { reviewView } = require('../../views/reviews')

Component({
  properties: { review: { type: String, value: '' } },
  data: {
    words: words.review,
    actions: words.action,
    state: 'loading',
    stale: '',
    problem: '',
    title: '',
    pictures: /** @type {any[]} */ ([]),
    returning: false,
    code: '',
    said: '',
    key: '',
    doneText: '',
    leftText: '',
    nextId: '',
    busy: false,
  },
  methods: {
    onLoad() {
      this.load()
    },
    form() {
      return `return:${this.data.review}`
    },
    async load() {
      const kept = drafts.find(this.form())
      this.setData({ key: newKey(), returning: false, code: '', said: '', ...kept })
      await show(this, `/reviews/${this.data.review}`, undefined, reviewView)
    },
    async showPicture(event) {
      const { index } = event.currentTarget.dataset
      try {
        this.setData({ [`pictures[${index}].file`]: await fetchFile(this.data.pictures[index].path) })
      } catch (error) {
        tell({ refused: asProblem(error) })
      }
    },
    enlarge(event) {
      wx.previewImage({ urls: [event.currentTarget.dataset.file] })
    },
    begin() {
      this.setData({ returning: true, key: newKey() })
    },
    leave() {
      drafts.drop(this.form())
      this.setData({ returning: false, code: '', said: '' })
    },
    choose(event) {
      this.setData({ code: event.currentTarget.dataset.code, key: newKey() })
      this.keep()
    },
    typed(event) {
      this.setData({ said: event.detail.value, key: newKey() })
      this.keep()
    },
    keep() {
      const { returning, code, said, key } = this.data
      drafts.keep(this.form(), { returning, code, said, key })
    },
    async verify() {
      await this.decide('verification', {}, 'verified')
    },
    async sendBack() {
      if (!this.data.code) {
        wx.showToast({ title: say('review.choose'), icon: 'none' })
        return
      }
      await this.decide('return', { code: this.data.code, words: this.data.said.trim() }, 'returned')
    },
    /** @param {'verification'|'return'} verb @param {unknown} body @param {'verified'|'returned'} told */
    async decide(verb, body, told) {
      const label = say(verb === 'return' ? 'review.label_return' : 'review.label_verify', { title: this.data.title })
      const done = await act(this, { path: `/reviews/${this.data.review}/${verb}`, body, key: this.data.key, label })
      if (done.again) return
      if (done.refused && done.refused.status === 404) return this.setData({ state: 'empty' })
      if (!done.answer) return tell(done)
      drafts.drop(this.form())
      const { next, left } = done.answer
      this.setData({ doneText: say(`review.${told}`), nextId: next || '', leftText: left ? say('review.left', { n: left }) : say('review.finished') })
    },
    next() {
      this.setData({ review: this.data.nextId, state: 'loading', doneText: '', nextId: '' })
      this.load()
    },
    back() {
      wx.navigateBack()
    },
  },
})
