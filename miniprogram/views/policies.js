/** Documents, answers and articles as pages show them. */
'use strict'
const { say } = require('../wording/index')
const { paragraphs } = require('./parts')

/** @param {any} place of GET /places */
function documentRows(place) {
  const documents = (place ? place.documents : []).map((each) => ({
    path: each.path,
    title: each.title,
    about: [each.number, each.articles ? say('policies.articles', { n: each.articles }) : ''].filter(Boolean).join(' · '),
    summary: each.summary,
  }))
  return { state: documents.length ? 'full' : 'empty', documents }
}

/** @param {any} got of GET /policies */
function answersView(got) {
  const answers = got.answers.map((each) => ({
    path: pathOf(each.article),
    label: `${each.article.title}${each.article.article}`,
    sentence: each.sentence,
    plain: each.plain,
  }))
  const full = answers.length || got.guesses.length || got.silent
  return { state: full ? 'full' : 'empty', title: withoutBrackets(got.title), silent: got.silent || '', answers, guesses: got.guesses, note: got.note || '' }
}

/** The chat sets its headings in brackets. @param {string} title */
function withoutBrackets(title) {
  return /^\u3010[^\u3010\u3011]*\u3011$/.test(title) ? title.slice(1, -1) : title
}

/** @param {any} article */
function pathOf(article) {
  return `/policies/${article.place}/${article.document}/${article.article}`
}

/** The text often begins with the article's own name, which stands above it. */
function withoutName(text, article) {
  return text.startsWith(article) ? text.slice(article.length).replace(/^[\s　]+/, '') : text
}

/** One article, or a whole document. @param {any} got */
function articleView(got) {
  const whole = Array.isArray(got.articles)
  const articles = whole ? got.articles : [got]
  let chapter = ''
  const parts = articles.map((each, index) => {
    const heading = each.heading && each.heading !== chapter ? each.heading : ''
    chapter = each.heading || chapter
    return { key: index, heading: heading, article: each.article, paragraphs: paragraphs(withoutName(each.text, each.article)), path: whole ? each.path || pathOf({ ...got, article: each.article }) : '' }
  })
  return {
    state: parts.length ? 'full' : 'empty',
    title: got.title,
    number: got.number || '',
    summary: Boolean(got.summary),
    url: got.url || '',
    previous: (!whole && got.previous) || '',
    next: (!whole && got.next) || '',
    whole: whole ? '' : `/policies/${got.place}/${got.document}`,
    parts,
  }
}

module.exports = { documentRows, answersView, articleView }
