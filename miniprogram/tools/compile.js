/** Compiles every WXML and WXSS with WeChat's own compilers: what DevTools would refuse is refused here, with its place. */
'use strict'
const compiler = require('miniprogram-compiler')
const path = require('node:path')
const { ROOT, filesUnder } = require('./tree')

/** Sources that are uploaded, as the compiler wants them: relative to the root. @param {string} ending */
function sources(ending) {
  const left = ['tests', 'tools']
  return filesUnder(ROOT, ending)
    .map((file) => path.relative(ROOT, file))
    .filter((name) => !left.includes(name.split(path.sep)[0]))
}

/** @param {string} root @param {{wxmlList?: string[], wxsList?: string[], wxssList?: string[]}} [lists] */
function compile(root, lists = {}) {
  new Function(compiler.wxmlToJs(root, lists)) // the compilers throw at what they refuse; their results must be scripts too
  new Function(compiler.wxssToJs(root, lists))
}

if (require.main === module) {
  const lists = { wxmlList: sources('.wxml'), wxsList: sources('.wxs'), wxssList: sources('.wxss') }
  try {
    compile(ROOT, lists)
  } catch (error) {
    process.stderr.write(`${error.message || error}\n`)
    process.exit(1)
  }
  process.stdout.write(`compiled: ${lists.wxmlList.length} WXML, ${lists.wxssList.length} WXSS\n`)
}

module.exports = { compile }
