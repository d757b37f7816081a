/** What waits for HR's word, oldest first. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { read } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const { reviewRow } = require('../../views/reviews')
const { putList } = require('../../views/parts')

Component({
  data: { words: words.reviews, state: 'loading', stale: '', problem: '', rows: /** @type {any[]} */ ([]), total: '', own: '', cursor: '', more: false },
  methods: {
    onShow() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    async load() {
      await show(this, '/reviews', undefined, (got) => {
        putList(this, 'rows', got.items.map(reviewRow))
        return {
          state: got.items.length ? 'full' : 'empty',
          total: say('reviews.total', { n: got.total }),
          own: got.own ? say('reviews.own', { n: got.own }) : '',
          cursor: got.next_cursor || '',
        }
      })
    },
    async onReachBottom() {
      const { cursor, more } = this.data
      if (!cursor || more) return
      this.setData({ more: true })
      try {
        const got = (await read('/reviews', { cursor })).data
        if (cursor !== this.data.cursor) return
        putList(this, 'rows', got.items.map(reviewRow), this.data.rows.length)
        this.setData({ cursor: got.next_cursor || '' })
      } catch (error) {
        wx.showToast({ title: asProblem(error).message, icon: 'none' })
      } finally {
        this.setData({ more: false })
      }
    },
    open(event) {
      wx.navigateTo({ url: `/pages/review/review?review=${event.currentTarget.dataset.id}` })
    },
  },
})
