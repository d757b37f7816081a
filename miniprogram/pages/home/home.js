/** Home: where the year stands, until when, and what to do next. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { kept } = require('../../api/session')
const outbox = require('../../store/outbox')
const { openArticle } = require('../../views/citations')
const { homeView, yearsUntil } = require('../../views/home')
const { go } = require('../../views/ways')

const YEARS = yearsUntil(new Date().getFullYear())

Component({
  data: {
    words: words.home,
    state: 'loading',
    stale: '',
    problem: '',
    year: YEARS[0],
    years: YEARS.map((year) => say('date.year', { year })),
    yearIndex: 0,
    yearLabel: say('date.year', { year: YEARS[0] }),
    waiting: '',
    reviewer: false,
  },
  methods: {
    onShow() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    async load() {
      await show(this, '/summary', { year: this.data.year }, homeView)
      const session = kept()
      const count = outbox.waiting().length
      this.setData({
        reviewer: Boolean(session && session.person.roles.length),
        waiting: count ? say('outbox.count', { n: count }) : '',
      })
    },
    chooseYear(event) {
      const yearIndex = Number(event.detail.value)
      this.setData({ yearIndex, year: YEARS[yearIndex], yearLabel: this.data.years[yearIndex], state: 'loading' })
      this.load()
    },
    go(event) {
      go(event.currentTarget.dataset.action)
    },
    open(event) {
      openArticle(event.currentTarget.dataset.path)
    },
    toRuling() {
      wx.navigateTo({ url: `/pages/ruling/ruling?year=${this.data.year}` })
    },
    toEntries() {
      wx.switchTab({ url: '/pages/entries/entries' })
    },
    toReviews() {
      wx.navigateTo({ url: '/pages/reviews/reviews' })
    },
  },
})
