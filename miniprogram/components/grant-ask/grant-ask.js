/** Asks, at a moment when it makes sense, for leave to send one more notice, and says how many are left. */
'use strict'
const { words, say } = require('../../wording/index')
const { grants, ask } = require('../../api/grants')

Component({
  properties: { text: { type: String, value: words.grant.reminder } },
  data: { words: words.grant, templates: /** @type {string[]} */ ([]), left: '' },
  lifetimes: {
    attached() {
      this.look()
    },
  },
  methods: {
    async look() {
      const known = await grants()
      const least = known.reduce((fewest, each) => Math.min(fewest, each.left), Infinity)
      this.setData({ templates: known.map((each) => each.template), left: known.length ? say('grant.left', { n: least }) : '' })
    },
    /** Straight from the tap: the platform asks only then. */
    async ask() {
      const granted = await ask(this.data.templates)
      if (granted) wx.showToast({ title: say('grant.thanks'), icon: 'none' })
      await this.look()
      this.triggerEvent('asked', { granted })
    },
  },
})
