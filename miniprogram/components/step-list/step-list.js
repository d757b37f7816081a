/** Steps of a ruling, each with the article it rests on; `gradual` opens them one by one. */
'use strict'
const { words } = require('../../wording/index')
const { openArticle } = require('../../views/citations')

Component({
  properties: {
    steps: { type: Array, value: [], observer: 'begin' },
    gradual: { type: Boolean, value: false },
  },
  data: { words: words.steps, shown: /** @type {any[]} */ ([]) },
  lifetimes: {
    attached() {
      this.begin()
    },
  },
  methods: {
    begin() {
      this.setData({ shown: this.data.gradual ? this.data.steps.slice(0, 1) : this.data.steps })
    },
    next() {
      this.setData({ shown: this.data.steps.slice(0, this.data.shown.length + 1) })
    },
    open(event) {
      openArticle(event.currentTarget.dataset.path)
    },
  },
})
