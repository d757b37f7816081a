/** Reads an article, or a whole document, in its own words. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { articleView } = require('../../views/policies')
const { plain } = require('../../views/query')
const { putList } = require('../../views/parts')

Component({
  properties: { path: { type: String, value: '' } },
  data: { words: words.article, state: 'loading', stale: '', problem: '', url: '', here: '' },
  methods: {
    onLoad() {
      this.setData({ here: plain(this.data.path) })
      this.load()
    },
    async load() {
      const asked = this.data.here.split('/').map(encodeURIComponent).join('/')
      await show(this, asked, undefined, (got) => {
        const { parts, ...view } = articleView(got)
        putList(this, 'parts', parts)
        return view
      })
    },
    turn(event) {
      const { path } = event.currentTarget.dataset
      if (!path) return
      this.setData({ here: plain(path), state: 'loading' })
      this.load()
    },
    copy() {
      wx.setClipboardData({ data: this.data.url, success: () => wx.showToast({ title: say('article.copied'), icon: 'none' }) })
    },
  },
})
