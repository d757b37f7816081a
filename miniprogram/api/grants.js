/** Leave to send: asked for with a tap, as the platform wants it, and reported to the service. */
'use strict'
const { read } = require('./client')
const { asProblem } = require('./problem')
const outbox = require('../store/outbox')
const { say } = require('../wording/index')

/** @returns {Promise<{template: string, left: number}[]>} [] when nobody can be asked now */
async function grants() {
  try {
    return (await read('/grants')).data.templates
  } catch (error) {
    asProblem(error)
    return []
  }
}

/**
 * To be called straight from a tap: the platform refuses otherwise.
 * @param {string[]} templates at most three are asked for at once
 * @returns {Promise<number>} how many were granted
 */
async function ask(templates) {
  const answers = await new Promise((resolve) => {
    wx.requestSubscribeMessage({ tmplIds: templates.slice(0, 3), success: resolve, fail: () => resolve({}) })
  })
  let granted = 0
  for (const template of templates) {
    const said = /** @type {Record<string, string>} */ (answers)[template]
    if (said !== 'accept' && said !== 'reject') continue
    if (said === 'accept') granted += 1
    await outbox
      .submit({ label: say('grant.label'), path: '/grants', body: { template, accepted: said === 'accept' } })
      .catch((error) => asProblem(error))
  }
  return granted
}

module.exports = { grants, ask }
