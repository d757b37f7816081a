/** What has been recorded, year by year, with where each stands; what still waits for a network stands on top. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { read } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const outbox = require('../../store/outbox')
const { entryRow, STATES } = require('../../views/entries')
const { yearsUntil } = require('../../views/home')
const { putList } = require('../../views/parts')

const YEARS = yearsUntil(new Date().getFullYear())

Component({
  data: {
    words: words.entries,
    waitingLabel: words.outbox.waiting,
    states: STATES,
    chosen: '',
    years: YEARS.map((year) => say('date.year', { year })),
    yearIndex: 0,
    state: 'loading',
    stale: '',
    problem: '',
    rows: /** @type {any[]} */ ([]),
    cursor: '',
    more: false,
    waiting: /** @type {{key: string, label: string}[]} */ ([]),
    emptyTitle: '',
    emptyText: '',
    emptyAction: '',
  },
  methods: {
    onShow() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    /** @returns {Record<string, unknown>} */
    query() {
      return { year: YEARS[this.data.yearIndex], state: this.data.chosen }
    },
    async load() {
      this.setData({ waiting: outbox.waiting().map(({ key, label }) => ({ key, label })) })
      await show(this, '/entries', this.query(), (page) => {
        putList(this, 'rows', page.items.map(entryRow))
        return {
          state: page.items.length ? 'full' : 'empty',
          cursor: page.next_cursor || '',
          emptyTitle: this.data.chosen ? say('entries.empty_state') : say('entries.empty'),
          emptyText: this.data.chosen ? say('entries.empty_state_text') : say('entries.empty_text'),
          emptyAction: this.data.chosen ? '' : say('entries.record'),
        }
      })
    },
    /** The next page, behind what is there. */
    async onReachBottom() {
      const { cursor, more } = this.data
      if (!cursor || more) return
      this.setData({ more: true })
      try {
        const asked = this.query()
        const page = (await read('/entries', { ...asked, cursor })).data
        if (cursor !== this.data.cursor) return // another list stands there by now
        putList(this, 'rows', page.items.map(entryRow), this.data.rows.length)
        this.setData({ cursor: page.next_cursor || '' })
      } catch (error) {
        wx.showToast({ title: asProblem(error).message, icon: 'none' })
      } finally {
        this.setData({ more: false })
      }
    },
    chooseState(event) {
      this.setData({ chosen: event.currentTarget.dataset.code, state: 'loading' })
      this.load()
    },
    chooseYear(event) {
      this.setData({ yearIndex: Number(event.detail.value), state: 'loading' })
      this.load()
    },
    open(event) {
      wx.navigateTo({ url: `/pages/entry/entry?entry=${event.currentTarget.dataset.id}` })
    },
    record() {
      wx.switchTab({ url: '/pages/record/record' })
    },
  },
})
