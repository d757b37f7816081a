/** Steps and citations as rows that open the text they rest on. */
'use strict'
const { number } = require('./dates')
const { say } = require('../wording/index')

/** @param {any} citation @returns {{label: string, article: string, path: string} | null} */
function citationRow(citation) {
  if (!citation) return null
  return { label: `${citation.title || ''}${citation.article || ''}`, article: citation.article || '', path: citation.path || '' }
}

/** @param {any[] | undefined} steps */
function stepRows(steps) {
  return (steps || []).map((step, index) => ({
    index: index + 1,
    text: step.text,
    citation: citationRow(step.citation),
    hours: step.hours === null || step.hours === undefined ? '' : say('number.hours', { n: number(step.hours) }),
  }))
}

/** Opens the article of a citation's path (`/policies/<place>/<document>/<article>`). @param {string} path */
function openArticle(path) {
  if (path) wx.navigateTo({ url: `/pages/article/article?path=${encodeURIComponent(path)}` })
}

module.exports = { citationRow, stepRows, openArticle }
