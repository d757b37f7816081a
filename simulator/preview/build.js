/**
 * Makes the source of a mini program runnable in a browser, unchanged: `node build.js SOURCE TARGET`.
 *
 * WXML is compiled by the platform's own compiler, WXSS becomes CSS (rpx by the width, classes by component), JavaScript
 * becomes CommonJS modules. What runs it is the platform's simulator (miniprogram-simulate) under `simulator/static/mini`.
 * The tools are those of the mini program's own lock file, installed beside it; nothing is fetched here.
 */
'use strict'
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { createRequire } = require('node:module')

const LEFT_OUT = new Set(['node_modules', 'tests', 'tools', 'preview'])
const TAGS = ['button', 'checkbox', 'checkbox-group', 'form', 'icon', 'image', 'input', 'label', 'navigator', 'picker', 'picker-view', 'picker-view-column',
  'progress', 'radio', 'radio-group', 'rich-text', 'scroll-view', 'slider', 'swiper', 'swiper-item', 'switch', 'text', 'textarea', 'view', 'canvas', 'cover-view', 'video', 'map', 'web-view']
const TAG = new RegExp(`(^|[\\s>+~,(])(${TAGS.join('|')})(?![\\w-])`, 'g')

function main([source, target]) {
  if (!source || !target) throw new Error('usage: node build.js SOURCE TARGET')
  const root = path.resolve(source)
  const tools = toolsOf(root)
  const files = filesUnder(root)
  const staged = stage(root, files)
  try {
    const program = read(staged, files)
    const made = { 'simulate.js': simulator(tools), 'program.css': styles(staged, program, tools), 'program.js': script(staged, program, tools) } // the last one says that all are there
    fs.rmSync(target, { recursive: true, force: true })
    fs.mkdirSync(path.join(target, 'files'), { recursive: true })
    for (const file of files.filter((name) => /\.(png|jpe?g|gif|svg|webp)$/i.test(name))) copy(path.join(root, file), path.join(target, 'files', file))
    for (const [name, text] of Object.entries(made)) fs.writeFileSync(path.join(target, name), text)
  } finally {
    fs.rmSync(staged, { recursive: true, force: true })
  }
  process.stdout.write(`the mini program's preview is in ${target}: the demo shows it when the page is loaded anew\n`)
}

/** The tools of the source's own lock file. */
function toolsOf(root) {
  const find = createRequire(path.join(root, 'package.json'))
  const simulate = path.dirname(find.resolve('miniprogram-simulate/package.json'))
  const inside = createRequire(path.join(simulate, 'package.json'))
  return {
    simulator: path.join(simulate, 'build.js'),
    compiler: inside('miniprogram-compiler'),
    postcss: inside('postcss'),
    babel: find('@babel/core'),
    commonjs: find.resolve('@babel/plugin-transform-modules-commonjs'),
  }
}

/** Names of all files, relative to the root, sorted. */
function filesUnder(root, folder = '') {
  const found = []
  for (const item of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (LEFT_OUT.has(item.name) || item.name.startsWith('.')) continue
    const name = path.posix.join(folder, item.name)
    if (item.isDirectory()) found.push(...filesUnder(root, name))
    else found.push(name)
  }
  return found.sort()
}

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true })
  fs.copyFileSync(from, to)
}

/** A copy in which every component is named by its path from the root: the compiler and the simulator know no other. */
function stage(root, files) {
  const staged = fs.mkdtempSync(path.join(os.tmpdir(), 'preview-'))
  for (const file of files) {
    const to = path.join(staged, file)
    copy(path.join(root, file), to)
    if (!file.endsWith('.json')) continue
    const json = JSON.parse(fs.readFileSync(to, 'utf8'))
    if (json.usingComponents) fs.writeFileSync(to, JSON.stringify({ ...json, usingComponents: relative(json.usingComponents, file, files) }))
  }
  return staged
}

function relative(using, file, files) {
  const here = path.posix.dirname(file)
  return Object.fromEntries(Object.entries(using).map(([name, value]) => {
    const tries = value.startsWith('/') ? [value.slice(1)] : [path.posix.join(here, value), path.posix.join('miniprogram_npm', value)]
    const found = tries.find((one) => files.includes(`${one}.json`)) ?? tries[0]
    return [name, './' + path.posix.relative(here, found)]
  }))
}

/** What the program consists of: its app.json, its pages and components with their names and prefixes. */
function read(staged, files) {
  const json = (name) => JSON.parse(fs.readFileSync(path.join(staged, name), 'utf8'))
  const app = json('app.json')
  const pages = [...app.pages, ...(app.subPackages ?? app.subpackages ?? []).flatMap((one) => one.pages.map((page) => path.posix.join(one.root, page)))]
  const parts = new Map(pages.map((page) => [page, { names: new Set(), page: true }]))
  for (const part of parts.keys()) {
    for (const [name, value] of Object.entries(json(`${part}.json`).usingComponents ?? {})) {
      const used = path.posix.join(path.posix.dirname(part), value)
      if (!parts.has(used)) parts.set(used, { names: new Set(), page: false })
      parts.get(used).names.add(name)
    }
  }
  const shared = Object.entries(app.usingComponents ?? {}).map(([name, value]) => [name, path.posix.join('.', value)])
  for (const [name, used] of shared) parts.set(used, { names: new Set([name]), page: false })
  let number = 0
  for (const part of parts.values()) part.prefix = `c${++number}`
  const theme = app.themeLocation && files.includes(app.themeLocation) ? json(app.themeLocation) : {}
  return { app, theme, pages, parts, files, shared: Object.fromEntries(shared.map(([name, used]) => [name, `/${used}`])) }
}

/**
 * The simulator's browser build. Inline styles keep their unit, which it takes for a pixel; its own compilers of styles
 * are left out, because styles are compiled here: starting them took most of the first page's time.
 */
function simulator(tools) {
  const edits = [
    ["replace(/(\\d+)rpx/ig, '$1px')", "replace(/(-?[\\d.]+)rpx/ig, 'calc($1 * 100vw / 750)')"],
    [/const (postcss|less|csso) = __webpack_require__\(\d+\)/g, 'const $1 = null'],
    ['function compile(wxss, options = {}) {', "function compile(wxss, options = {}) {\n  return ''"],
  ]
  return edits.reduce((text, [from, to]) => edited(text, from, to), fs.readFileSync(tools.simulator, 'utf8'))
}

function edited(text, from, to) {
  const found = text.replaceAll(from, to)
  if (found === text) throw new Error(`the simulator is not the one that this was made for: ${from}`)
  return found
}

function script(staged, program, tools) {
  const modules = program.files.filter((name) => name.endsWith('.js')).map((name) => module(staged, name, tools))
  const wxml = program.files.filter((name) => name.endsWith('.wxml'))
  const wxs = program.files.filter((name) => name.endsWith('.wxs'))
  const compiled = tools.compiler.wxmlToJs(staged, { wxmlList: wxml, wxsList: wxs, maxBuffer: 1 << 28 })
  const maps = [...program.parts.keys()].map((part) => {
    const json = JSON.parse(fs.readFileSync(path.join(staged, `${part}.json`), 'utf8'))
    json.usingComponents = { ...(part.startsWith('miniprogram_npm/') ? {} : program.shared), ...json.usingComponents }
    return [`${part}.json`, JSON.stringify(json)]
  })
  const told = { app: program.app, theme: program.theme, pages: program.pages, prefixes: Object.fromEntries([...program.parts].map(([part, { prefix }]) => [`/${part}`, prefix])) }
  return [
    'window.__webview_engine_version__ = 0.02',
    `window.__PROGRAM__ = ${literal(told)}`,
    `window.__MODULES__ = {\n${modules.join(',\n')}\n}`,
    `window.__FILE_MAP__ = ${literal(Object.fromEntries(maps))}`,
    `window.__WXML__ = (function () {${compiled}})()`,
    `for (const part of ${literal([...program.parts.keys()])}) {`,
    '  window.__FILE_MAP__[`${part}.wxml`] = window.__WXML__(`${part}.wxml`)',
    '  window.__FILE_MAP__[`${part}.js`] = `window.__RUN__("/${part}.js")`',
    '}',
    '',
  ].join('\n')
}

function module(staged, name, tools) {
  const source = fs.readFileSync(path.join(staged, name), 'utf8')
  const isModule = /\b(import|export)\b/.test(source)
  const code = isModule
    ? tools.babel.transformSync(source, { plugins: [tools.commonjs], babelrc: false, configFile: false, compact: false, sourceType: 'unambiguous', filename: name }).code
    : source
  return `${JSON.stringify('/' + name)}: function (require, module, exports) {\n${code}\n}`
}

/** A value as JavaScript that may stand in any script. */
function literal(value) {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** One style sheet: app.wxss for every page and every part that shares its styles, then each part's own. */
function styles(staged, program, tools) {
  const sheet = (name) => (program.files.includes(name) ? imported(staged, name, program.files) : '')
  const everywhere = [...program.parts].filter(([part, { page }]) => page || sharesStyles(staged, part)).map(([, { prefix }]) => prefix)
  const found = [scoped(sheet('app.wxss'), everywhere, ['page'], tools)]
  for (const [part, { prefix, names, page }] of program.parts) found.push(scoped(sheet(`${part}.wxss`), [prefix], page ? [`[data-page="${part}"]`] : [...names], tools, page))
  return found.join('\n')
}

function sharesStyles(staged, part) {
  const told = ['.js', '.json'].map((ending) => fs.readFileSync(path.join(staged, part + ending), 'utf8')).join('\n')
  return /styleIsolation["']?\s*:\s*["'](apply-shared|shared)["']|addGlobalClass["']?\s*:\s*true/.test(told)
}

function imported(staged, name, files, seen = new Set()) {
  if (seen.has(name)) return ''
  seen.add(name)
  const text = fs.readFileSync(path.join(staged, name), 'utf8')
  return text.replace(/@import\s+["']([^"']+)["']\s*;/g, (_all, other) => {
    const used = other.startsWith('/') ? other.slice(1) : path.posix.join(path.posix.dirname(name), other)
    return files.includes(used) ? imported(staged, used, files, seen) : ''
  })
}

function scoped(text, prefixes, hosts, tools, page = false) {
  if (!text.trim()) return ''
  const tree = tools.postcss.parse(text)
  tree.walkRules((rule) => {
    if (rule.parent.type === 'atrule' && /keyframes$/.test(rule.parent.name)) return
    rule.selectors = rule.selectors.map((selector) => within(selector, renamed(selector, prefixes, hosts), page ? hosts[0] : ''))
  })
  tree.walkDecls((decl) => {
    decl.value = decl.value.replace(/(-?[\d.]+)rpx/gi, 'calc($1 * 100vw / 750)')
  })
  return tree.toString()
}

/** A page's rule without a class of its own holds for that page only. */
function within(selector, made, page) {
  return page && !/[.#]|:host|(^|[\s>+~,(])page(?![\w-])/.test(selector) ? `${page} ${made}` : made
}

function renamed(selector, prefixes, hosts) {
  const host = hosts.length > 1 ? `:is(${hosts.join(',')})` : hosts[0]
  return selector
    .replace(/\.(-?[A-Za-z_][\w-]*)/g, (_all, name) => one(prefixes.map((prefix) => `.${prefix}--${name}`)))
    .replace(TAG, '$1wx-$2')
    .replace(/(^|[\s>+~,(])page(?![\w-])/g, '$1.wx-page')
    .replace(/:host/g, host)
}

function one(selectors) {
  return selectors.length === 1 ? selectors[0] : `:is(${selectors.join(',')})`
}

try {
  main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`the preview was not built: ${error.message}\n`)
  process.exitCode = 1
}
