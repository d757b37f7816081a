/** One person in the chat and here: a code to say there, or one that was given there. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { newKey } = require('../../api/client')
const { learn } = require('../../api/session')
const { act, tell } = require('../../api/doing')
const { moment } = require('../../views/dates')
const seen = require('../../store/seen')

Component({
  data: { words: words.binding, state: 'loading', stale: '', problem: '', bound: false, say: '', until: '', code: '', result: '', busy: false },
  methods: {
    onShow() {
      this.load()
    },
    /** @returns {Promise<any>} */
    async load() {
      const me = await show(this, '/me', undefined, (got) => ({ state: 'full', bound: got.bound_chat }))
      if (me) learn({ id: me.id, bound_chat: me.bound_chat })
      return me
    },
    async make() {
      const done = await act(this, { path: '/binding', body: {}, label: say('binding.label') })
      if (!done.answer) return tell(done)
      this.setData({ say: done.answer.say, until: say('binding.until', { at: moment(done.answer.expires_at) }) })
    },
    copy() {
      wx.setClipboardData({ data: this.data.say, success: () => wx.showToast({ title: say('binding.copied'), icon: 'none' }) })
    },
    async check() {
      const me = await this.load()
      if (me && !me.bound_chat) wx.showToast({ title: say('binding.not_yet'), icon: 'none' })
    },
    typed(event) {
      this.setData({ code: event.detail.value.replace(/\D/g, '') })
    },
    async bind() {
      const { code } = this.data
      if (code.length !== 6) return
      const done = await act(this, { path: `/binding/${code}`, body: {}, label: say('binding.label'), key: newKey() })
      if (!done.answer) return tell(done)
      const { person, carried, verify_again: again } = done.answer
      seen.clear() // it was another person's record until now
      learn(person)
      const result = [carried ? say('binding.carried', { n: carried }) : '', again ? say('binding.verify_again', { n: again }) : ''].filter(Boolean).join('，')
      this.setData({ bound: true, code: '', result })
      wx.showToast({ title: say('binding.done') })
    },
  },
})
