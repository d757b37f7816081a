/** Every page in its four states, in WeChat's own simulator; no setData is too big. */
'use strict'
jest.setTimeout(60000)
const fs = require('node:fs')
const path = require('node:path')
const { Phone, ROOT, ANSWERS, problem } = require('./phone')

/** page → its query, what it asks first, a text that the full page shows, and an answer that leaves it empty. */
const PAGES = {
  home: { asks: 'GET /summary', shows: '42', empty: { ...ANSWERS['GET /summary'], entries: 0 } },
  record: { shows: '帮我填好' },
  entries: { asks: 'GET /entries', shows: '护理安全', empty: { items: [], next_cursor: null, years: [] } },
  policies: { asks: 'GET /places', shows: '吉人社规', empty: { items: [] } },
  me: { asks: 'GET /me', shows: '张伟' },
  photo: { shows: '拍照' },
  entry: { query: { entry: 'e5' }, asks: 'GET /entries/e5', shows: '省护理学会', empty: problem(404, 'not_found') },
  ruling: { query: { entry: 'e5' }, asks: 'GET /entries/e5/ruling', shows: '第十一条', empty: problem(404, 'not_found') },
  article: { query: { path: '/policies/jilin/measures' }, asks: 'GET /policies/jilin/measures', shows: '第一章', empty: problem(404, 'not_found') },
  readiness: { asks: 'GET /readiness', shows: '2026', empty: { ...ANSWERS['GET /readiness'], years: [], text: '', asks: [] } },
  plan: { asks: 'GET /plan', shows: '网络课程', empty: { ...ANSWERS['GET /plan'], missing_total: 0, offers: [] } },
  reminders: { asks: 'GET /reminders', shows: '交证书', empty: { ...ANSWERS['GET /reminders'], stopped: true, asked: [] } },
  profile: { asks: 'GET /me', shows: '地区' },
  privacy: { asks: 'GET /privacy', shows: '李主任', empty: { ...ANSWERS['GET /privacy'], kept: [], looks: [] } },
  exports: { asks: 'GET /entries', shows: '生成', empty: { items: [], next_cursor: null, years: [] } },
  binding: { asks: 'GET /me', shows: '已经绑定' },
  reviews: { asks: 'GET /reviews', shows: '王芳', empty: { items: [], next_cursor: null, total: 0, own: 0 } },
  review: { query: { review: 'r1' }, asks: 'GET /reviews/r1', shows: '护理部', empty: problem(404, 'not_found') },
}

test('every page of app.json is tried here', () => {
  const { pages } = JSON.parse(fs.readFileSync(path.join(ROOT, 'app.json'), 'utf8'))
  expect(Object.keys(PAGES).sort()).toEqual(pages.map((route) => route.split('/')[1]).sort())
})

describe.each(Object.entries(PAGES))('%s', (name, { query, asks, shows, empty }) => {
  test('shows what the service says', async () => {
    const phone = new Phone()
    const page = await phone.open(name, query)
    expect(page.data.state).toBe('full')
    expect(page.dom.innerHTML).toContain(shows)
    expect(phone.biggest).toBeLessThan(256 * 1024)
  })

  if (!asks) return

  test('waits, says when there is no answer, and tries again', async () => {
    const phone = new Phone()
    phone.instead[asks] = { status: 'pending' }
    const waiting = await phone.open(name, query)
    expect(waiting.data.state).toBe('loading')
    expect(waiting.dom.innerHTML).toContain('state-loading')
    expect(waiting.dom.innerHTML).not.toContain(shows)
    phone.instead[asks] = problem(503, 'platform_busy')
    const page = await phone.open(name, query)
    expect(page.data.state).toBe('error')
    expect(page.dom.innerHTML).toContain('服务出了点问题')
    expect(page.dom.innerHTML).not.toContain(shows)
    delete phone.instead[asks]
    const again = page.instance.load()
    await phone.settle()
    await again
    expect(page.data.state).toBe('full')
  })

  test('can be read again without a network, by its own person only', async () => {
    const phone = new Phone()
    const page = await phone.open(name, query)
    expect(page.data.state).toBe('full')
    phone.network = false
    const later = await phone.open(name, query)
    expect(later.data.state).toBe('full')
    expect(later.dom.innerHTML).toContain(shows)
    expect(later.data.stale).toMatch(/这是今天\d\d:\d\d的数据/)
    const stranger = new Phone()
    stranger.network = false
    stranger.stored.set('session', phone.stored.get('session').replace('"p1"', '"p9"'))
    for (const [key, value] of phone.stored) if (key.startsWith('seen')) stranger.stored.set(key, value)
    const theirs = await stranger.open(name, query)
    expect(theirs.dom.innerHTML).not.toContain(shows)
  })

  if (!empty) return

  test('has words for nothing', async () => {
    const phone = new Phone()
    phone.instead[asks] = empty
    const page = await phone.open(name, query)
    expect(page.data.state).toBe('empty')
    expect(page.dom.innerHTML).toContain('state-message')
  })
})

test('long lists and texts go in parts', async () => {
  const phone = new Phone()
  const [entry] = ANSWERS['GET /entries'].items
  phone.instead['GET /entries'] = { items: Array.from({ length: 150 }, (_, at) => ({ ...entry, id: `e${at}`, title: '护'.repeat(1000) })), next_cursor: null, years: [2026] }
  const list = await phone.open('entries')
  expect(list.data.rows).toHaveLength(150)
  const text = '条'.repeat(30000)
  phone.instead['GET /policies/jilin/measures'] = { ...ANSWERS['GET /policies/jilin/measures'], articles: [1, 2, 3].map((n) => ({ article: `第${n}条`, heading: '', text, path: '' })) }
  await phone.open('article', { path: '/policies/jilin/measures' })
  expect(phone.biggest).toBeGreaterThan(64 * 1024)
  expect(phone.biggest).toBeLessThan(256 * 1024)
})
