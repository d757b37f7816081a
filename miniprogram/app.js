/** Starts the mini program: signs in, sends what still waits, and does so again whenever the network comes back. */
'use strict'
const { session } = require('./api/session')
const { asProblem } = require('./api/problem')
const outbox = require('./store/outbox')
const { say } = require('./wording/index')

const AGAIN = 30 * 1000 // a fault of the service passes without the network's coming and going

App({
  /** @type {any} */
  timer: 0,

  onLaunch() {
    wx.onNetworkStatusChange((now) => {
      if (now.isConnected) this.catchUp()
    })
    this.renewWhenNewer()
  },

  onShow() {
    this.catchUp()
  },

  /** Signs in and sends what waits; without a network it stays as it is. */
  async catchUp() {
    try {
      await session()
      await outbox.flush((item, problem) => {
        wx.showModal({ title: say('outbox.refused', { label: item.label }), content: problem.message, showCancel: false })
      })
    } catch (error) {
      asProblem(error)
    }
    clearTimeout(this.timer)
    if (outbox.waiting().length) this.timer = setTimeout(() => this.catchUp(), AGAIN)
  },

  /** A new version takes over when the person agrees, never in the middle of a form. */
  renewWhenNewer() {
    if (typeof wx.getUpdateManager !== 'function') return
    const updates = wx.getUpdateManager()
    updates.onUpdateReady(() => {
      wx.showModal({ title: say('app.newer'), content: say('app.newer_content'), success: (got) => got.confirm && updates.applyUpdate() })
    })
  },
})
