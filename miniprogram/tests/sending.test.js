/**
 * Nothing lost, nothing twice: drafts, keys and what waits, over restarts and networks that come and go.
 * @jest-environment node
 */
'use strict'
const { Phone, problem, ANSWERS } = require('./phone')

const asked = { label: 'x', path: '/entries', body: { title: 'x' } }

function started(phone = new Phone()) {
  phone.start()
  return { phone, outbox: phone.module('store/outbox'), client: phone.module('api/client'), session: phone.module('api/session') }
}

test('a write that gets no answer is sent again with its key, also after a restart', async () => {
  const { phone, outbox } = started()
  await phone.module('api/session').session()
  phone.instead['POST /entries'] = { status: 'lost' }
  await expect(outbox.submit(asked)).rejects.toMatchObject({ kind: 'offline' })
  expect(outbox.waiting()).toHaveLength(1)
  const again = started(phone).outbox
  delete phone.instead['POST /entries']
  await again.flush(() => {})
  expect(again.waiting()).toEqual([])
  const keys = phone.to('POST /entries').map((each) => each.header['idempotency-key'])
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
  expect(keys[0]).toMatch(/^[A-Za-z0-9_.:-]{8,64}$/)
})

test('two taps at once are one request', async () => {
  const { phone, outbox } = started()
  const [one, two] = await Promise.all([outbox.submit({ ...asked, key: 'the-same-key' }), outbox.submit({ ...asked, key: 'the-same-key' })])
  expect(one).toEqual(two)
  expect(phone.to('POST /entries')).toHaveLength(1)
})

test('a refusal takes the write out and is told; a fault of the service keeps it and lets others pass', async () => {
  const { phone, outbox } = started()
  phone.network = false
  for (const path of ['/entries', '/me/consent', '/grants']) await outbox.submit({ ...asked, path }).catch(() => {})
  phone.network = true
  phone.instead['POST /entries'] = problem(503, 'platform_busy')
  phone.instead['POST /me/consent'] = problem(422, 'words_refused')
  const refused = []
  await outbox.flush((item, told) => refused.push([item.path, told.message]))
  expect(refused).toEqual([['/me/consent', 'sentence of words_refused']])
  expect(outbox.waiting().map((item) => item.path)).toEqual(['/entries'])
})

test('a request without a good token signs in once, whoever waits; an expired one is renewed', async () => {
  const { phone, client, session } = started()
  await Promise.all([client.read('/me'), client.read('/summary', { year: 2026 }), client.read('/places')])
  expect(phone.to('POST /login')).toHaveLength(1)
  let first = true
  phone.instead['GET /me'] = () => {
    if (!first) return ANSWERS['GET /me']
    first = false
    return problem(401, 'token_unknown')
  }
  phone.instead['POST /refresh'] = { token: 'new', expires_at: '2099-01-01T00:00:00+08:00', expires_in: 1200, refresh_token: 'r2', person: ANSWERS['POST /login'].person }
  expect((await client.read('/me')).data.name).toBe('张伟')
  expect(phone.to('POST /refresh')).toHaveLength(1)
  expect(session.kept().refresh_token).toBe('r2')
  expect(phone.to('GET /me').at(-1).header.authorization).toBe('Bearer new')
})

test('what has not changed is not sent again', async () => {
  const { phone, client } = started()
  phone.instead['GET /places'] = (request) => (request.header['if-none-match'] === '"v1"' ? { status: 304, body: null } : { status: 200, body: ANSWERS['GET /places'], header: { ETag: '"v1"' } })
  await client.read('/places')
  const again = await client.read('/places')
  expect(phone.to('GET /places')[1].header['if-none-match']).toBe('"v1"')
  expect(again).toMatchObject({ stale: false, data: ANSWERS['GET /places'] })
})

test('what was seen gives way by age, and a full phone loses no draft', async () => {
  const { phone, client } = started()
  const drafts = phone.module('store/drafts')
  await client.read('/me')
  drafts.keep('record', { text: '护理安全' })
  const plain = global.wx.setStorageSync
  global.wx.setStorageSync = (key, value) => {
    if (key.startsWith('seen:') && [...phone.stored.keys()].filter((each) => each.startsWith('seen:')).length >= 5) throw new Error('exceed storage max size')
    plain(key, value)
  }
  for (let year = 2000; year < 2012; year++) {
    phone.instead['GET /summary'] = { year }
    await client.read('/summary', { year })
  }
  phone.network = false
  expect((await client.read('/summary', { year: 2011 })).stale).toBe(true)
  await expect(client.read('/summary', { year: 2000 })).rejects.toMatchObject({ kind: 'offline' })
  expect(drafts.find('record')).toEqual({ text: '护理安全' })
})

test('what is written before the first sign-in belongs to who signs in', async () => {
  const phone = new Phone()
  phone.network = false
  const { outbox } = started(phone)
  const drafts = phone.module('store/drafts')
  drafts.keep('record', { text: '护理安全' })
  await outbox.submit(asked).catch(() => {})
  phone.network = true
  await phone.module('api/session').session()
  expect(drafts.find('record')).toEqual({ text: '护理安全' })
  await outbox.flush(() => {})
  expect(phone.to('POST /entries')).toHaveLength(1)
})

test('waits as long as the service asks', () => {
  started()
  const { problemOf } = require('../api/problem')
  expect(problemOf(429, {}, { 'Retry-After': '7' })).toMatchObject({ kind: 'busy', wait: 7, passing: true })
  expect(problemOf(429, {}, {})).toMatchObject({ wait: 5 })
  expect(problemOf(422, { detail: '句子', errors: [{ field: 'end', text: 'x' }] }, {})).toMatchObject({ kind: 'refused', message: '句子', errors: [{ field: 'end' }], passing: false })
  expect(problemOf(500, { detail: 'Traceback' }, {}).message).not.toContain('Traceback')
})
