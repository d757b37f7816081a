/**
 * What the official compiler does not notice: tags that nobody registers, routes that lead nowhere, handlers and words that
 * do not exist, sentences outside wording/, addresses of others, pages without their states; and how big the package is.
 */
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { ROOT, filesUnder, packaged } = require('./tree')

const MOST = 1.5 * 1024 * 1024
const BUILT_IN = new Set(['page-meta', 'scroll-view'])
const SINGLE = new Set(['view', 'text', 'block', 'slot', 'image', 'input', 'textarea', 'picker', 'wxs', 'template', 'import', 'include'])
const EVENTS = /\b(?:bind|catch):?([a-z]+)="([^"{]+)"/g

/** @typedef {{name: string, json: any, wxml: string, js: string}} Part */

/** Our pages and components. @param {string} root @returns {Part[]} */
function parts(root) {
  const found = []
  for (const folder of ['pages', 'components']) {
    for (const file of filesUnder(path.join(root, folder), '.wxml')) {
      const stem = file.slice(0, -'.wxml'.length)
      const text = (ending) => (fs.existsSync(stem + ending) ? fs.readFileSync(stem + ending, 'utf8') : '')
      found.push({ name: path.relative(root, stem), json: JSON.parse(text('.json') || '{}'), wxml: text('.wxml'), js: text('.js') })
    }
  }
  return found
}

/** Tags that are neither the platform's nor registered, and registered ones that nobody uses or that are not there. @param {Part} part @param {string} root */
function tagTroubles(part, root) {
  const using = part.json.usingComponents || {}
  const tags = new Set([...part.wxml.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<([a-z][\w-]*)/g)].map((match) => match[1]))
  const unknown = [...tags].filter((tag) => !SINGLE.has(tag) && !BUILT_IN.has(tag) && !(tag in using))
  const unused = Object.keys(using).filter((tag) => !tags.has(tag))
  const absent = Object.values(using).filter((place) => !existsAs(root, part.name, String(place)))
  return [
    ...unknown.map((tag) => `${part.name}: nobody registers <${tag}>`),
    ...unused.map((tag) => `${part.name}: <${tag}> is registered and not used`),
    ...absent.map((place) => `${part.name}: there is no ${place}`),
  ]
}

function existsAs(root, name, place) {
  const at = place.startsWith('/') ? [place] : [path.join(path.dirname(name), place), path.join('miniprogram_npm', place)]
  return at.some((each) => fs.existsSync(path.join(root, `${each}.json`)))
}

/** Handlers that the page's script does not have. @param {Part} part */
function handlerTroubles(part) {
  const named = [...part.wxml.matchAll(EVENTS)].map((match) => match[2])
  const absent = [...new Set(named)].filter((name) => !new RegExp(`^    (async )?${name}\\(`, 'm').test(part.js))
  return absent.map((name) => `${part.name}: there is no handler ${name}`)
}

/** Routes of app.json, and routes that scripts go to. @param {Part[]} all @param {string} root */
function routeTroubles(all, root) {
  const app = JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8'))
  const tabs = new Set(app.tabBar.list.map((each) => each.pagePath))
  const troubles = app.pages.filter((route) => !['.js', '.json', '.wxml'].every((ending) => fs.existsSync(path.join(root, route + ending)))).map((route) => `app.json: there is no page ${route}`)
  for (const part of all) if (part.name.startsWith('pages/') && !app.pages.includes(part.name)) troubles.push(`app.json: ${part.name} is not in it`)
  for (const tab of tabs) if (!app.pages.includes(tab)) troubles.push(`app.json: the tab ${tab} is no page`)
  for (const file of [...filesUnder(path.join(root, 'pages'), '.js'), ...filesUnder(path.join(root, 'components'), '.js'), ...filesUnder(path.join(root, 'views'), '.js')]) {
    for (const [, way, route] of fs.readFileSync(file, 'utf8').matchAll(/(switchTab\(\{ url: |navigateTo\(\{ url: |redirectTo\(\{ url: |reLaunch\(\{ url: |tab: |page: )['"`]\/(pages\/[a-z]+\/[a-z]+)/g)) {
      const where = path.relative(root, file)
      if (!app.pages.includes(route)) troubles.push(`${where}: there is no page ${route}`)
      const toTab = way.startsWith('switchTab') || way.startsWith('tab')
      if (!way.startsWith('reLaunch') && toTab !== tabs.has(route)) troubles.push(`${where}: ${route} is ${tabs.has(route) ? 'a' : 'no'} tab`)
    }
  }
  return troubles
}

/** What each page must say of itself: its four states, a heading, the size of its letters. @param {Part} part */
function pageTroubles(part) {
  if (!part.name.startsWith('pages/')) return []
  const troubles = []
  if (!part.wxml.startsWith('<page-meta root-font-size="system" />')) troubles.push('does not follow the size of letters')
  if (!/<page-state state="\{\{state\}\}"/.test(part.wxml) || !/problem="/.test(part.wxml) || !/bind:again=/.test(part.wxml)) troubles.push('does not show its states')
  if (!part.json.navigationBarTitleText) troubles.push('has no title')
  for (const [tag] of part.wxml.matchAll(/<(?:view|text)\b[^>]*\bbindtap=[^>]*>/g)) if (!/aria-role=/.test(tag)) troubles.push(`a tap without a role: ${tag.slice(0, 80)}`)
  for (const [tag] of part.wxml.matchAll(/<(?:input|textarea|image)\b[^>]*>/g)) if (!/aria-label=/.test(tag)) troubles.push(`no label: ${tag.slice(0, 80)}`)
  return troubles.map((each) => `${part.name}: ${each}`)
}

/** Sentences outside wording/ and addresses of others. @param {string} root */
function textTroubles(root) {
  const troubles = []
  for (const file of ['.js', '.wxml', '.wxss'].flatMap((ending) => ours(root, ending))) {
    const name = path.relative(root, file)
    const text = fs.readFileSync(file, 'utf8')
    if (!name.startsWith('wording/') && /[\u4e00-\u9fff]/.test(text)) troubles.push(`${name}: words belong into wording/`)
  }
  for (const file of packaged(root)) {
    if (!/\.(js|json|wxml|wxss|wxs)$/.test(file)) continue
    if (/url\(\s*['"]?https?:|src=["']https?:/.test(fs.readFileSync(file, 'utf8'))) troubles.push(`${path.relative(root, file)}: fetches from elsewhere`)
  }
  return troubles
}

function ours(root, ending) {
  return filesUnder(root, ending).filter((file) => !/^(tests|tools|miniprogram_npm)\//.test(path.relative(root, file)) && !file.endsWith('.config.js'))
}

/** Words that nobody says, and words said that are not there. @param {string} root */
function wordTroubles(root) {
  const { words } = require(path.join(root, 'wording', 'index.js'))
  const scripts = ours(root, '.js').filter((file) => !path.relative(root, file).startsWith('wording/'))
  const said = scripts.map((file) => fs.readFileSync(file, 'utf8')).join('\n')
  const shown = new Set(parts(root).flatMap(wordsShown))
  const troubles = []
  for (const [, key] of said.matchAll(/\bsay\('([a-z_.]+)'/g)) {
    if (typeof key.split('.').reduce((at, part) => (at === undefined ? undefined : at[part]), words) !== 'string') troubles.push(`no words for ${key}`)
  }
  for (const [topic, group] of Object.entries(words)) {
    for (const [name, value] of Object.entries(group)) {
      if (typeof value !== 'string') continue
      const spoken = new RegExp(`['\`]${topic}\\.${name}['\`]|words\\.${topic}\\.${name}\\b|words\\.${topic}\\)|words\\.${topic}\\[|\`${topic}\\.\\$\\{`)
      if (!shown.has(`${topic}.${name}`) && !spoken.test(said)) troubles.push(`nobody says ${topic}.${name}`)
    }
  }
  return troubles
}

/** Words that a template shows: `words.name` of the topic that its script gives it. @param {Part} part */
function wordsShown(part) {
  const topics = Object.fromEntries([...part.js.matchAll(/^    (words|actions): words\.(\w+),|data: \{ (words): words\.(\w+),/gm)].map((match) => [match[1] || match[3], match[2] || match[4]]))
  return [...part.wxml.matchAll(/\b(words|actions)\.(\w+)/g)].map((match) => `${topics[match[1]]}.${match[2]}`)
}

/** @param {string} root */
function troublesOf(root) {
  const all = parts(root)
  const size = packaged(root).reduce((sum, file) => sum + fs.statSync(file).size, 0)
  const troubles = all.flatMap((part) => [...tagTroubles(part, root), ...handlerTroubles(part), ...pageTroubles(part)])
  troubles.push(...routeTroubles(all, root), ...textTroubles(root), ...wordTroubles(root))
  if (size > MOST) troubles.push(`the package is ${size} bytes, ${MOST} at most`)
  return { troubles, size, pages: all.filter((part) => part.name.startsWith('pages/')).length }
}

if (require.main === module) {
  const { troubles, size, pages } = troublesOf(ROOT)
  for (const each of troubles) process.stderr.write(`${each}\n`)
  if (troubles.length) process.exit(1)
  process.stdout.write(`checked: ${pages} pages, package ${Math.round(size / 1024)} KB\n`)
}

module.exports = { troublesOf, parts, tagTroubles, handlerTroubles }
