/** What pages do with a write: send it, say that it waits, or say why not. */
'use strict'
const outbox = require('../store/outbox')
const { asProblem } = require('./problem')
const { say } = require('../wording/index')

/**
 * Sends a write from a page whose `data` has `busy`. Only one at a time: a second tap does nothing.
 * @param {any} page
 * @param {Parameters<typeof outbox.submit>[0]} asked
 * @returns {Promise<{answer?: any, waits?: boolean, refused?: import('./problem').Problem, again?: boolean}>}
 */
async function act(page, asked) {
  if (page.data.busy) return { again: true }
  page.setData({ busy: true })
  try {
    return { answer: await outbox.submit(asked) }
  } catch (error) {
    const problem = asProblem(error)
    return problem.passing ? { waits: true } : { refused: problem }
  } finally {
    page.setData({ busy: false })
  }
}

/** Tells what became of it when there is nothing else to do. @param {{waits?: boolean, refused?: Error}} done */
function tell(done) {
  if (done.waits) wx.showModal({ title: say('outbox.waits'), content: say('outbox.waits_content'), showCancel: false })
  if (done.refused) wx.showModal({ title: say('problem.title'), content: done.refused.message, showCancel: false })
}

/** @param {{title: string, content: string, yes?: string}} asked @returns {Promise<boolean>} */
function sure(asked) {
  return new Promise((resolve) => {
    wx.showModal({
      title: asked.title,
      content: asked.content,
      confirmText: asked.yes || say('action.yes'),
      cancelText: say('action.no'),
      success: (got) => resolve(Boolean(got.confirm)),
      fail: () => resolve(false),
    })
  })
}

/** Asks for a text. @param {{title: string, content: string}} asked @returns {Promise<string | null>} null when it was put off */
function ask(asked) {
  return new Promise((resolve) => {
    wx.showModal({
      title: asked.title,
      content: '',
      placeholderText: asked.content,
      editable: true,
      success: (got) => resolve(got.confirm ? String(got.content || '') : null),
      fail: () => resolve(null),
    })
  })
}

module.exports = { act, tell, sure, ask }
