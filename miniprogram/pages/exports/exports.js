/** The year to take away: the registration form, or a picture of it. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { act, tell } = require('../../api/doing')
const { waitFor, openFile } = require('../../api/exports')
const { asProblem } = require('../../api/problem')

Component({
  data: {
    words: words.exports,
    yearSign: say('date.year', { year: '' }),
    kinds: [
      { kind: 'form', label: words.exports.form, note: words.exports.form_note },
      { kind: 'card', label: words.exports.card, note: words.exports.card_note },
    ],
    state: 'loading',
    stale: '',
    problem: '',
    years: /** @type {number[]} */ ([]),
    year: 0,
    made: /** @type {Record<string, any>} */ ({}),
    making: '',
    busy: false,
  },
  methods: {
    onLoad() {
      this.load()
    },
    async load() {
      await show(this, '/entries', { limit: 1 }, (got) => ({ state: got.years.length ? 'full' : 'empty', years: got.years, year: this.data.year || got.years[0] || 0 }))
    },
    choose(event) {
      if (!this.data.making) this.setData({ year: event.currentTarget.dataset.year, made: {} })
    },
    async make(event) {
      const { kind } = event.currentTarget.dataset
      const { year, making } = this.data
      if (making) return
      this.setData({ making: kind })
      try {
        const label = say('exports.label', { year, kind: words.exports[/** @type {'form'|'card'} */ (kind)] })
        const done = await act(this, { path: '/exports', body: { kind, year }, label })
        if (!done.answer) return tell(done)
        const made = await waitFor(done.answer.path)
        if (made.state === 'ready') this.setData({ [`made.${kind}`]: { ...made, code: made.code ? say('exports.code', { code: made.code }) : '' } })
        else wx.showToast({ title: say(made.state === 'failed' ? 'exports.failed' : 'exports.slow'), icon: 'none' })
      } catch (error) {
        tell({ refused: asProblem(error) })
      } finally {
        this.setData({ making: '' })
      }
    },
    async open(event) {
      try {
        await openFile(this.data.made[event.currentTarget.dataset.kind])
      } catch (error) {
        tell({ refused: asProblem(error) })
      }
    },
    copyVerify(event) {
      wx.setClipboardData({ data: this.data.made[event.currentTarget.dataset.kind].verify })
    },
  },
})
