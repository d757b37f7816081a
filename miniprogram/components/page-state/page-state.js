/** The four states of every page: loading (with a word when it takes long), error, empty, and full: the slot. */
'use strict'
const { words } = require('../../wording/index')

const LONG = 3000

Component({
  properties: {
    state: { type: String, value: 'loading', observer: 'watch' },
    stale: { type: String, value: '' },
    problem: { type: String, value: '' },
    /** Whether the page's content stands below the empty state's words. */
    keep: { type: Boolean, value: false },
    emptyTitle: { type: String, value: '' },
    emptyText: { type: String, value: '' },
    emptyAction: { type: String, value: '' },
  },
  data: {
    words: words.state,
    slow: false,
    timer: 0,
    lines: [{ width: '45%', height: '40rpx' }, 1, 1, { width: '70%' }],
    fewLines: [1, { width: '60%' }],
  },
  lifetimes: {
    attached() {
      this.watch()
    },
    detached() {
      clearTimeout(this.data.timer)
    },
  },
  methods: {
    watch() {
      clearTimeout(this.data.timer)
      const timer = this.data.state === 'loading' ? /** @type {any} */ (setTimeout(() => this.setData({ slow: true }), LONG)) : 0
      this.setData({ slow: false, timer })
    },
    again() {
      this.triggerEvent('again')
    },
    act() {
      this.triggerEvent('act')
    },
  },
})
