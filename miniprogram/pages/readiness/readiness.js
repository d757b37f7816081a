/** Whether the hours suffice for title review: year by year, with what can still be mended. */
'use strict'
const { words } = require('../../wording/index')
const { show } = require('../../api/showing')
const { readinessView } = require('../../views/readiness')

Component({
  data: {
    words: words.readiness,
    levels: Object.entries(words.readiness.levels).map(([code, label]) => ({ code, label })),
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
    fill() {
      wx.navigateTo({ url: '/pages/profile/profile' })
    },
  },
})
