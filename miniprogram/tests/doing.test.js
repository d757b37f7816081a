/** What people do on the pages: record by sentence, by photo, set reminders, correct, review. */
'use strict'
jest.setTimeout(60000)
const { Phone, problem, event, ANSWERS } = require('./phone')

const SENTENCE = '8月15-16号参加护理安全培训班两天 专业'
const PHOTO = 'a'.repeat(64)
const full = (page) => page.instance

describe('record', () => {
  async function spoken(phone) {
    const page = await phone.open('record')
    full(page).typed(event({}, { value: SENTENCE }))
    full(page).read()
    await phone.settle()
    return page
  }

  test('a sentence fills the form, marks what is unsure, and shows what it gives', async () => {
    const phone = new Phone()
    const page = await spoken(phone)
    expect(page.data.draft).toMatchObject({ title: '护理安全', start: '2026-08-15', mode: 'training_class', quantity: 2 })
    expect(page.data.unsure).toEqual(['start', 'end'])
    expect(page.data.preview.hours).toBe('16学时')
    expect(page.dom.innerHTML).toContain('请核对')
    expect(page.dom.innerHTML).toContain('8月8日至8月9日')
    expect(phone.to('POST /readings')[0].body).toEqual({ text: SENTENCE })
  })

  test('what is corrected is no longer unsure, and is asked for anew', async () => {
    jest.useFakeTimers()
    const phone = new Phone()
    const opened = phone.open('record')
    await jest.advanceTimersByTimeAsync(100)
    const page = await opened
    full(page).take({ ...ANSWERS['POST /readings'] }, [])
    full(page).changed(event({}, { value: { ...page.data.draft, start: '2026-08-08', end: '2026-08-09' }, fields: ['start', 'end'] }))
    expect(page.data.unsure).toEqual([])
    expect(page.data.candidates).toEqual([])
    await jest.advanceTimersByTimeAsync(1000)
    jest.useRealTimers()
    expect(phone.to('POST /conversions')).toHaveLength(1)
    expect(phone.to('POST /conversions')[0].body).toMatchObject({ mode: 'training_class', quantity: 2, unit: 'day' })
  })

  test('it is recorded once, and shown', async () => {
    const phone = new Phone()
    const page = await spoken(phone)
    const key = page.data.key
    full(page).submit()
    full(page).submit()
    await phone.settle()
    const [sent, ...more] = phone.to('POST /entries')
    expect(more).toEqual([])
    expect(sent.header['idempotency-key']).toBe(key)
    expect(sent.body).toEqual({ title: '护理安全', start: '2026-08-15', end: '2026-08-16', category: 'professional', mode: 'training_class', quantity: 2, unit: 'day' })
    expect(page.data.done).toMatchObject({ id: 'e5', text: '折算16学时，待单位审核' })
    expect(phone.module('store/drafts').find('record')).toBeNull()
  })

  test('what is missing is marked and not sent', async () => {
    const phone = new Phone()
    phone.instead['POST /readings'] = { ...ANSWERS['POST /readings'], draft: { title: '护理安全' }, missing: ['start'], unsure: [], candidates: [], preview: null }
    const page = await spoken(phone)
    full(page).submit()
    await phone.settle()
    expect(page.data.missing).toEqual(['start', 'end', 'category', 'mode', 'quantity', 'unit'])
    expect(phone.to('POST /entries')).toEqual([])
    expect(page.dom.innerHTML).toContain('还没填')
  })

  test('the same again is asked about, and is another write', async () => {
    const phone = new Phone()
    phone.instead['POST /entries'] = ({ body }) => (body.anyway ? ANSWERS['POST /entries'] : problem(409, 'alike', { entry: 'e1' }))
    const page = await spoken(phone)
    full(page).submit()
    await phone.settle()
    const keys = phone.to('POST /entries').map((each) => each.header['idempotency-key'])
    expect(new Set(keys).size).toBe(2)
    expect(page.data.done.id).toBe('e5')
    phone.yes = false
    const other = await spoken(phone)
    full(other).submit()
    await phone.settle()
    expect(other.data.done).toBeNull()
    expect(other.data.draft.title).toBe('护理安全')
  })

  test('before the first record consent is asked for, with the notice', async () => {
    const phone = new Phone()
    phone.instead['POST /entries'] = ({ body }) => (body.consent ? ANSWERS['POST /entries'] : problem(409, 'consent_needed'))
    const page = await spoken(phone)
    full(page).submit()
    await phone.settle()
    expect(phone.said.some((each) => each.includes(ANSWERS['GET /me'].notice))).toBe(true)
    expect(page.data.done.id).toBe('e5')
  })

  test('without a network the draft and then the record wait on the phone', async () => {
    const phone = new Phone()
    await spoken(phone)
    const again = await phone.open('record')
    expect(again.data.text).toBe(SENTENCE)
    expect(again.data.draft.title).toBe('护理安全')
    phone.network = false
    full(again).submit()
    await phone.settle()
    expect(again.data.done).toMatchObject({ id: '', title: '已存好，等网络' })
    expect(phone.module('store/outbox').waiting()).toHaveLength(1)
    phone.network = true
    await phone.module('store/outbox').flush(() => {})
    expect(phone.to('POST /entries')).toHaveLength(1)
  })

  test('values that cannot be stand beside their fields', async () => {
    const phone = new Phone()
    phone.instead['POST /entries'] = problem(422, 'values', { errors: [{ field: 'quantity', text: '一天最多8学时' }] })
    const page = await spoken(phone)
    const key = page.data.key
    full(page).submit()
    await phone.settle()
    expect(page.dom.innerHTML).toContain('一天最多8学时')
    expect(page.data.key).not.toBe(key)
  })
})

describe('photo', () => {
  test('taken, edited, sent, read, corrected, confirmed', async () => {
    const phone = new Phone()
    const page = await phone.open('photo')
    full(page).choose(event({ source: 'camera' }))
    await phone.settle()
    expect(page.data).toMatchObject({ step: 'chosen', file: 'wxfile://tmp_1.jpg', canEdit: true })
    full(page).edit()
    await phone.settle()
    full(page).use()
    await phone.settle()
    expect(phone.to('POST /photos')[0].body).toEqual({ file: 'wxfile://edited.jpg' })
    expect(page.data).toMatchObject({ step: 'read', missing: ['category'], unsure: ['end'] })
    expect(page.dom.innerHTML).toContain('张玮')
    full(page).confirm()
    await phone.settle()
    expect(phone.to(`POST /photos/${PHOTO}/confirmation`)).toEqual([])
    full(page).changed(event({}, { value: { ...page.data.draft, category: 'professional' }, fields: ['category'] }))
    full(page).confirm()
    await phone.settle()
    expect(phone.to(`POST /photos/${PHOTO}/confirmation`)[0].body).toMatchObject({ category: 'professional', quantity: 16 })
    expect(phone.went.at(-1)).toBe('/pages/entry/entry?entry=e5&fresh=1')
  })

  test('a photo that could not be sent is there again, with its key', async () => {
    const phone = new Phone()
    const page = await phone.open('photo')
    full(page).choose(event({ source: 'album' }))
    await phone.settle()
    phone.network = false
    full(page).use()
    await phone.settle()
    expect(phone.said.at(-1)).toContain('已存好')
    phone.network = true
    const again = await phone.open('photo')
    expect(again.data).toMatchObject({ step: 'chosen', file: 'wxfile://tmp_1.jpg', key: page.data.key })
    full(again).use()
    await phone.settle()
    expect(phone.to('POST /photos')).toHaveLength(1)
  })

  test('what could not be read is filled in by hand', async () => {
    const phone = new Phone()
    phone.instead[`GET /photos/${PHOTO}`] = { photo: PHOTO, state: 'flawed', flaw: 'blurred', flaw_text: '照片太模糊', drafts: [], draft: null }
    const page = await phone.open('photo', { photo: PHOTO })
    expect(page.data).toMatchObject({ step: 'read', flaw: '照片太模糊' })
    expect(page.dom.innerHTML).toContain('照着照片自己填')
  })
})

describe('an entry', () => {
  test('a returned one says why and takes an appeal', async () => {
    const phone = new Phone()
    const page = await phone.open('entry', { entry: 'e3' })
    expect(page.dom.innerHTML).toContain('照片看不清：看不清日期，请重拍')
    full(page).beginAppeal()
    full(page).appealTyped(event({}, { value: '我参加了全程' }))
    full(page).sendAppeal()
    await phone.settle()
    expect(phone.to('POST /entries/e3/appeal')[0].body).toEqual({ words: '我参加了全程' })
  })

  test('a correction leads to the new record', async () => {
    const phone = new Phone()
    const page = await phone.open('entry', { entry: 'e5' })
    full(page).begin()
    full(page).changed(event({}, { value: { ...page.data.edited, quantity: 3 }, fields: ['quantity'] }))
    full(page).correct()
    await phone.settle()
    expect(phone.to('POST /entries/e5/correction')[0].body.quantity).toBe(3)
    expect(phone.went.at(-1)).toBe('/pages/entry/entry?entry=e6')
  })
})

test('a reminder is set, and leave to send is asked for straight from the tap', async () => {
  const phone = new Phone()
  const page = await phone.open('reminders')
  full(page).stage(event({ days: 90 }))
  full(page).chooseEvery(event({ code: 'month' }))
  full(page).aboutTyped(event({}, { value: '交证书' }))
  full(page).onChosen(event({}, { value: '2026-12-05' }))
  full(page).add()
  full(page).save()
  await phone.settle()
  expect(phone.to('PUT /reminders')[0].body).toMatchObject({ only_stages: [60, 45, 30, 14, 7, 3, 1], every: 'month', on: 1, asked: [{ on: '2026-12-01', about: '交证书' }, { on: '2026-12-05', about: '交证书' }] })
  expect(page.dom.innerHTML).toContain('还可提醒1次')
  await phone.module('api/grants').ask(['tmpl-deadline'])
  expect(phone.to('POST /grants')[0].body).toEqual({ template: 'tmpl-deadline', accepted: true })
})

test('HR sees a picture only after asking for it, verifies, and goes on; a return needs a reason', async () => {
  const phone = new Phone()
  const page = await phone.open('review', { review: 'r1' })
  expect(page.data.pictures[0].file).toBe('')
  full(page).showPicture(event({ index: 0 }))
  await phone.settle()
  expect(page.data.pictures[0].file).toBe('wxfile://picture.jpg')
  full(page).begin()
  full(page).sendBack()
  await phone.settle()
  expect(phone.to('POST /reviews/r1/return')).toEqual([])
  full(page).choose(event({ code: 'unreadable' }))
  full(page).sendBack()
  await phone.settle()
  expect(phone.to('POST /reviews/r1/return')[0].body).toEqual({ code: 'unreadable', words: '' })
  const other = await phone.open('review', { review: 'r1' })
  full(other).verify()
  await phone.settle()
  expect(other.data).toMatchObject({ doneText: '已通过', nextId: 'r2', leftText: '还有11条' })
})

test('erasing needs the very words, and the phone forgets', async () => {
  const phone = new Phone()
  const page = await phone.open('privacy')
  phone.typed = '删除'
  full(page).erase()
  await phone.settle()
  expect(phone.to('POST /privacy/erasure')).toEqual([])
  phone.typed = '确认删除'
  full(page).erase()
  await phone.settle()
  expect(phone.to('POST /privacy/erasure')[0].body).toEqual({ confirm: '确认删除' })
  expect([...phone.stored.keys()]).toEqual([])
})
