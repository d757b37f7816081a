/** What is kept and why, who looked, and everything taken away or erased. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { learn, forget } = require('../../api/session')
const { act, tell, ask } = require('../../api/doing')
const { waitFor, openFile } = require('../../api/exports')
const { asProblem } = require('../../api/problem')
const { privacyView } = require('../../views/me')
const seen = require('../../store/seen')
const drafts = require('../../store/drafts')
const outbox = require('../../store/outbox')

Component({
  data: { words: words.privacy, state: 'loading', stale: '', problem: '', confirm: '', doing: '', busy: false },
  methods: {
    onLoad() {
      this.load()
    },
    async load() {
      await show(this, '/privacy', undefined, privacyView)
    },
    async consent() {
      const done = await act(this, { path: '/me/consent', body: { accepted: true }, label: say('profile.consent_label') })
      tell(done)
      if (!done.answer) return
      learn({ consented: true })
      this.load()
    },
    async copy() {
      const done = await act(this, { path: '/privacy/copy', body: {}, label: say('privacy.label_copy') })
      if (!done.answer) return tell(done)
      this.setData({ doing: say('privacy.copying') })
      try {
        const made = await waitFor(done.answer.path)
        if (made.state === 'ready') await openFile(made)
        else wx.showToast({ title: say(made.state === 'failed' ? 'exports.failed' : 'exports.slow'), icon: 'none' })
      } catch (error) {
        tell({ refused: asProblem(error) })
      } finally {
        this.setData({ doing: '' })
      }
    },
    /** Only with the words typed out; the phone forgets too. */
    async erase() {
      const typed = await ask({ title: say('privacy.erase_title', { words: this.data.confirm }), content: say('privacy.erase_content') })
      if (typed === null) return
      if (typed.trim() !== this.data.confirm) {
        wx.showToast({ title: say('privacy.erase_wrong'), icon: 'none' })
        return
      }
      const done = await act(this, { path: '/privacy/erasure', body: { confirm: this.data.confirm }, label: say('privacy.label_erase') })
      if (!done.answer) return tell(done)
      seen.clear()
      drafts.clear()
      outbox.clear()
      forget()
      wx.showModal({ title: say('privacy.erased'), content: '', showCancel: false, complete: () => wx.reLaunch({ url: '/pages/home/home' }) })
    },
  },
})
