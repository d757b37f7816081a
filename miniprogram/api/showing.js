/** Brings what the service says onto a page: what was last seen at once, then what is so now; and says when it is old. */
'use strict'
const { read, remembered } = require('./client')
const { asProblem } = require('./problem')
const { moment } = require('../views/dates')
const { say } = require('../wording/index')

/**
 * The page's `data` has `state` (`loading` `empty` `error` `full`), `stale` and `problem`.
 * @param {any} page
 * @param {string} path
 * @param {Record<string, unknown> | undefined} query
 * @param {(data: any) => Record<string, unknown>} toView gives the page's fields, among them `state`
 * @returns {Promise<any>} what the service said, null when it could not be asked and nothing was seen before
 */
async function show(page, path, query, toView) {
  const turn = (page.turn || 0) + 1 // an answer that a later question has overtaken is not shown
  page.turn = turn
  const last = remembered(path, query)
  if (last) page.setData({ stale: '', problem: '', ...toView(last.data) })
  else if (page.data.state !== 'loading') page.setData({ state: 'loading', stale: '' })
  try {
    const got = await read(path, query)
    if (page.turn !== turn) return got.data
    page.setData({ ...toView(got.data), problem: '', stale: got.stale ? say('state.stale', { at: moment(got.at) }) : '' })
    return got.data
  } catch (error) {
    const problem = asProblem(error)
    if (page.turn === turn) page.setData(shownProblem(problem, Boolean(last)))
    return null
  } finally {
    wx.stopPullDownRefresh({ fail() {} })
  }
}

/** What is not there, or not for this person, is an empty page with the service's sentence; else what was seen before stays, or an error stands. */
function shownProblem(problem, hasLast) {
  if (problem.status === 404 || problem.status === 403) return { state: 'empty', problem: problem.message }
  return hasLast ? { stale: problem.message } : { state: 'error', problem: problem.message }
}

module.exports = { show }
