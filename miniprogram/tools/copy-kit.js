/**
 * Copies the controls of tdesign-miniprogram that our pages use, and what these need, from node_modules (pinned by the
 * lock file) into miniprogram_npm. WeChat's own "build npm" would copy all 5.8 MB. The icon font's address is cut: our
 * icons are our own, and nothing is fetched from elsewhere at run time.
 */
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { ROOT, filesUnder } = require('./tree')

const KIT = path.join(ROOT, 'node_modules', 'tdesign-miniprogram', 'miniprogram_dist')
const TARGET = path.join(ROOT, 'miniprogram_npm')

/** The names of the kit's controls in `usingComponents` of our sources. */
function usedControls() {
  const found = new Set()
  for (const file of filesUnder(ROOT, '.json')) {
    for (const match of fs.readFileSync(file, 'utf8').matchAll(/"tdesign-miniprogram\/([a-z-]+)\//g)) found.add(match[1])
  }
  return [...found].sort()
}

/** Top folders of the kit that the files of one folder refer to (`../name/…` at any depth). */
function needs(folder) {
  const found = new Set()
  for (const file of filesUnder(path.join(KIT, folder), '')) {
    if (!/\.(js|json|wxml|wxss|wxs)$/.test(file)) continue
    for (const match of fs.readFileSync(file, 'utf8').matchAll(/["'](\.{1,2}\/[^"']+)["']/g)) {
      const inside = path.relative(KIT, path.resolve(path.dirname(file), match[1]))
      if (!inside.startsWith('..')) found.add(inside.split(path.sep)[0])
    }
  }
  found.delete(folder)
  return [...found].filter((name) => fs.existsSync(path.join(KIT, name)) && fs.statSync(path.join(KIT, name)).isDirectory())
}

function withWhatTheyNeed(controls) {
  const all = new Set()
  const open = [...controls]
  while (open.length > 0) {
    const folder = /** @type {string} */ (open.pop())
    if (all.has(folder)) continue
    all.add(folder)
    open.push(...needs(folder))
  }
  return all
}

function copy(from, to) {
  for (const file of filesUnder(from, '')) {
    if (/\.(d\.ts|md)$/.test(file)) continue
    const target = path.join(to, path.relative(from, file))
    fs.mkdirSync(path.dirname(target), { recursive: true })
    const isStyle = file.endsWith('.wxss')
    if (isStyle) fs.writeFileSync(target, fs.readFileSync(file, 'utf8').replace(/@font-face\s*\{[^}]*\}/g, ''))
    else fs.copyFileSync(file, target)
  }
}

function main() {
  fs.rmSync(TARGET, { recursive: true, force: true })
  const folders = withWhatTheyNeed(usedControls())
  for (const folder of folders) copy(path.join(KIT, folder), path.join(TARGET, 'tdesign-miniprogram', folder))
  const tslib = path.join(KIT, 'miniprogram_npm', 'tslib')
  copy(tslib, path.join(TARGET, 'tslib'))
  process.stdout.write(`kit: ${[...folders].sort().join(' ')}\n`)
}

main()
