/** How to make up what is missing, what helps most first. */
'use strict'
const { words } = require('../../wording/index')
const { show } = require('../../api/showing')
const { planView } = require('../../views/readiness')
const { openArticle } = require('../../views/citations')

Component({
  data: { words: words.plan, state: 'loading', stale: '', problem: '' },
  methods: {
    onLoad() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    async load() {
      await show(this, '/plan', undefined, planView)
    },
    open(event) {
      openArticle(event.currentTarget.dataset.path)
    },
  },
})
