/** Whether the hours suffice for title review: year by year, with what can still be mended. */
'use strict'
const { words } = require('../../wording/index')
const { show } = require('../../api/showing')
const { readinessView } = require('../../views/readiness')
const { openArticle } = require('../../views/citations')

Component({
  data: {
    words: words.readiness,
    levels: Object.entries(words.readiness.levels).map(([code, label]) => ({ code, label })),
    years: /** @type {any[]} */ ([]),
    level: '',
    chosen: '',
    state: 'loading',
    stale: '',
    problem: '',
  },
  methods: {
    onShow() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    async load() {
      await show(this, '/readiness', { level: this.data.chosen }, readinessView)
    },
    choose(event) {
      const { code } = event.currentTarget.dataset
      this.setData({ chosen: code, level: code, state: 'loading' })
      this.load()
    },
    toggle(event) {
      const { at } = event.currentTarget.dataset
      this.setData({ [`years[${at}].open`]: !this.data.years[at].open })
    },
    cite(event) {
      openArticle(event.currentTarget.dataset.path)
    },
    fill() {
      wx.navigateTo({ url: '/pages/profile/profile' })
    },
  },
})
