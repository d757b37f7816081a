/**
 * The checks find what they are for.
 * @jest-environment node
 */
'use strict'
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { compile } = require('../tools/compile')
const { troublesOf, tagTroubles, handlerTroubles } = require('../tools/check')
const { packaged, ROOT } = require('../tools/tree')

const part = (more) => ({ name: 'pages/home/home', json: { usingComponents: {} }, wxml: '', js: '', ...more })

test('the tree is in order', () => {
  expect(troublesOf(ROOT).troubles).toEqual([])
})

test('tags that nobody registers, registered ones that nobody uses, handlers that are not there', () => {
  expect(tagTroubles(part({ wxml: '<view><t-cell /></view>' }), ROOT)).toEqual(['pages/home/home: nobody registers <t-cell>'])
  expect(tagTroubles(part({ json: { usingComponents: { 'step-list': '/components/step-list/step-list', gone: '/components/gone/gone' } }, wxml: '<step-list />' }), ROOT)).toEqual([
    'pages/home/home: <gone> is registered and not used',
    'pages/home/home: there is no /components/gone/gone',
  ])
  expect(handlerTroubles(part({ wxml: '<view bindtap="go" bind:again="load" />', js: '    async load() {\n' }))).toEqual(['pages/home/home: there is no handler go'])
})

test.each([
  ['an unclosed tag', '<view><text></view>'],
  ['a broken expression', '<view>{{ a. }}</view>'],
  ['an else without an if', '<view wx:else></view>'],
])('the official compiler refuses %s', (_, wxml) => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'wxml-'))
  try {
    fs.writeFileSync(path.join(root, 'page.wxml'), wxml)
    expect(() => compile(root, { wxmlList: ['page.wxml'], wxsList: [], wxssList: [] })).toThrow()
  } finally {
    fs.rmSync(root, { recursive: true })
  }
})

test('what is uploaded holds no tests, tools or locks', () => {
  const names = packaged().map((file) => path.relative(ROOT, file))
  expect(names).toContain('app.json')
  expect(names).toContain('miniprogram_npm/tdesign-miniprogram/switch/switch.js')
  expect(names.filter((name) => /^(tests|tools|node_modules)\/|package|\.md$|\.d\.ts$/.test(name))).toEqual([])
})
