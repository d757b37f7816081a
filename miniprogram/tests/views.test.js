/**
 * What pages show, without a page: the ring, days, parts, drafts, wishes.
 * @jest-environment node
 */
'use strict'
global.wx = /** @type {any} */ ({})
const { gradientOf } = require('../views/ring')
const { size, inParts, paragraphs } = require('../views/parts')
const { day, days, moment, number } = require('../views/dates')
const { changed, marksOf, emptyFields, bodyOf } = require('../views/drafts')
const { homeView } = require('../views/home')
const { toggledStage } = require('../views/reminders')
const { changesOf, profileOf } = require('../views/me')
const { plain } = require('../views/query')
const { waitedText } = require('../views/reviews')
const ANSWERS = require('./answers.json')

test.each([
  [[], 'conic-gradient(var(--track) 0% 100%)'],
  [[{ colour: 'public', share: 0.2 }, { colour: 'professional', share: 1 / 3 }], 'conic-gradient(var(--public) 0% 20%, var(--professional) 20% 53.33%, var(--track) 53.33% 100%)'],
  [[{ colour: 'public', share: 0.8 }, { colour: 'professional', share: 0.8 }], 'conic-gradient(var(--public) 0% 80%, var(--professional) 80% 100%)'],
  [[{ colour: 'public', share: 0 }, { colour: 'professional', share: -1 }], 'conic-gradient(var(--track) 0% 100%)'],
])('the ring of %j', (parts, gradient) => expect(gradientOf(parts)).toBe(gradient))

test('sizes are of what is carried, in UTF-8', () => {
  for (const value of ['学时', { a: [1, '😀', null] }, [], 'é']) expect(size(value)).toBe(Buffer.byteLength(JSON.stringify(value)))
  const items = Array.from({ length: 100 }, (_, at) => ({ at, text: '学'.repeat(at * 10) }))
  const parts = inParts(items, 4096)
  expect(parts.flat()).toEqual(items)
  for (const part of parts) if (part.length > 1) expect(size(part)).toBeLessThanOrEqual(4096 + part.length)
})

test('paragraphs lose no sign, and none is cut in two', () => {
  const text = `第一条\n\n${'😀学'.repeat(1500)}\n 末`
  expect(paragraphs(text, 1000).join('')).toBe(text.replace(/[\n ]/g, ''))
  expect(paragraphs('')).toEqual([])
})

test('days and hours as they are read', () => {
  expect(day('2026-08-15', 2026)).toBe('8月15日')
  expect(day('2025-08-15', 2026)).toBe('2025年8月15日')
  expect(day('2026-08', 2026)).toBe('2026年8月')
  expect(day(null)).toBe('')
  expect(days('2025-12-30', '2026-01-02')).toMatch(/12月30日至2026年1月2日$/)
  expect(moment('2026-01-05T09:30:00+08:00')).toBe('1月5日 09:30')
  expect(moment('rubbish')).toBe('')
  expect([number(12.5), number(0.1 + 0.2), number(0), number(null)]).toEqual(['12.5', '0.3', '0', '未定'])
})

test('a draft holds together', () => {
  expect(changed({}, { start: '2026-08-15' })).toEqual({ start: '2026-08-15', end: '2026-08-15' })
  expect(changed({ start: '2026-08-15', end: '2026-08-16' }, { start: '2026-08-20' })).toMatchObject({ end: '2026-08-20' })
  expect(changed({}, { quantity: '1.5' }).quantity).toBe(1.5)
  for (const typed of ['', '0', '-1', 'abc', '1e9', '１']) expect(changed({}, { quantity: typed }).quantity).toBeNull()
  expect(marksOf({ unsure: ['end', 'mode'], missing: ['mode'], errors: [{ field: 'end', text: '不能早于开始' }] })).toEqual({ end: '不能早于开始', mode: '还没填' })
  expect(emptyFields({ title: 'x', start: 'a', end: 'a', category: 'public', mode: 'distance', quantity: 0, unit: 'day' })).toEqual([])
  expect(bodyOf({ title: 'x', organizer: '', id: 'e1', state: 'claimed', quantity: null, attrs: { proof: false } })).toEqual({ title: 'x', attrs: { proof: false } })
})

test('home: shares of what the year needs; a waived category has no bar; a full year a full ring', () => {
  const summary = ANSWERS['GET /summary']
  const view = homeView(summary)
  expect(view.ring).toEqual([{ colour: 'public', share: 0.2 }, { colour: 'professional', share: 1 / 3 }])
  expect(view.ringLabel).toContain('公需科目18学时，应有30')
  expect(view.next[1]).toMatchObject({ action: 'entries', citation: null })
  const waived = homeView({ ...summary, categories: [{ ...summary.categories[0], strength: 'waived' }] })
  expect(waived.categories[0]).toMatchObject({ bar: false, amount: '18，今年免' })
  const over = homeView({ ...summary, complete: true, categories: [{ ...summary.categories[0], have: 200 }] })
  expect(over.ring[0].share).toBe(1)
  expect(over.safe).toBeNull()
  expect(homeView({ ...summary, total: null, categories: [], last_safe_day: null }).ring).toEqual([])
})

test('a page reads its query however often it was encoded', () => {
  const path = '/policies/jilin/measures/第十一条'
  for (const given of [path, encodeURI(path), encodeURIComponent(path), encodeURIComponent(encodeURI(path))]) expect(plain(given)).toBe(path)
  expect(plain('完成100%的学习')).toBe('完成100%的学习')
})

test('wishes and profiles send what was meant', () => {
  expect(toggledStage({ only_stages: null }, [90, 30, 7], 30)).toEqual({ only_stages: [90, 7] })
  expect(toggledStage({ only_stages: [7] }, [90, 30, 7], 90)).toEqual({ only_stages: [90, 7] })
  const before = profileOf(ANSWERS['GET /me'])
  expect(changesOf(before, before)).toEqual({})
  expect(changesOf(before, { ...before, name: '', region: 'sichuan' })).toEqual({ name: null, region: 'sichuan' })
  expect([waitedText(0.5), waitedText(30.5), waitedText(75)]).toEqual(['不到1小时', '30小时', '3天'])
})
