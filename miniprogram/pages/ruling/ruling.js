/** One ruling, of a record or of a year, opened step by step down to the article's own words. */
'use strict'
const { words } = require('../../wording/index')
const { show } = require('../../api/showing')
const { rulingView } = require('../../views/ruling')
const { openArticle } = require('../../views/citations')
const { putList } = require('../../views/parts')

Component({
  properties: { entry: { type: String, value: '' }, year: { type: String, value: '' } },
  data: { words: words.ruling, state: 'loading', stale: '', problem: '', gradual: true },
  methods: {
    onLoad() {
      this.load()
    },
    async load() {
      const { entry, year } = this.data
      const path = entry ? `/entries/${entry}/ruling` : `/rulings/${year || new Date().getFullYear()}`
      await show(this, path, undefined, (ruling) => {
        const { quotes, ...view } = rulingView(ruling)
        putList(this, 'quotes', quotes)
        return view
      })
    },
    every() {
      this.setData({ gradual: false })
    },
    open(event) {
      openArticle(event.currentTarget.dataset.path)
    },
  },
})
