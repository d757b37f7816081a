/** Oneself: who one is here, and everything that is set, looked up or taken away. */
'use strict'
const { words } = require('../../wording/index')
const { show } = require('../../api/showing')
const { learn } = require('../../api/session')
const { meView } = require('../../views/me')

Component({
  data: { words: words.me, state: 'loading', stale: '', problem: '' },
  methods: {
    onShow() {
      this.load()
    },
    onPullDownRefresh() {
      this.load()
    },
    async load() {
      const me = await show(this, '/me', undefined, meView)
      if (me) learn({ consented: me.consented, bound_chat: me.bound_chat, roles: me.roles, name: me.name })
    },
    open(event) {
      const { page } = event.currentTarget.dataset
      wx.navigateTo({ url: `/pages/${page}/${page}` })
    },
  },
})
