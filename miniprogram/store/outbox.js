/**
 * Writes that the service has not answered yet. Each is put down with its key before it is sent and taken out when it is
 * answered: a killed mini program or a lost network repeats it with the same key, and it happens once.
 */
'use strict'
const { write, upload, newKey } = require('../api/client')
const { Problem } = require('../api/problem')

const NAME = 'outbox' // each user's storage is the platform's to keep apart

/** @type {Promise<void> | null} */
let running = null
/** @type {Map<string, Promise<any>>} writes under way, by key */
const underWay = new Map()

/** @returns {Waiting[]} oldest first */
function waiting() {
  return wx.getStorageSync(NAME) || []
}

/** @param {Waiting[]} items */
function put(items) {
  wx.setStorageSync(NAME, items)
}

/** @param {string} key */
function take(key) {
  put(waiting().filter((item) => item.key !== key))
}

/**
 * Puts a write down and sends it.
 * @param {{label: string, path: string, method?: 'POST'|'PUT'|'PATCH', body?: unknown, file?: string, key?: string}} asked `label` is how
 *   the person recognises it while it waits
 * @returns {Promise<any>} the answer; rejects with a Problem: a passing one leaves the write waiting, a refusal takes it out
 */
function submit(asked) {
  const item = { method: /** @type {'POST'} */ ('POST'), ...asked, key: asked.key || newKey(), at: Date.now() }
  put([...waiting().filter((each) => each.key !== item.key), item])
  return sendOne(item)
}

/** @param {Waiting} item @returns {Promise<any>} */
function sendOne(item) {
  const already = underWay.get(item.key)
  if (already) return already
  const sending = (item.file ? upload(item.path, item.file, item.key) : write(item.method, item.path, item.body, item.key))
    .then((answer) => {
      take(item.key)
      return answer
    })
    .catch((error) => {
      if (error instanceof Problem && !error.passing) take(item.key)
      throw error
    })
    .finally(() => underWay.delete(item.key))
  underWay.set(item.key, sending)
  return sending
}

/**
 * Sends what waits, oldest first, until one finds no way; what the service refuses is handed to `refused`.
 * @param {(item: Waiting, problem: Problem) => void} refused
 */
function flush(refused) {
  if (!running) {
    running = flushAll(refused).finally(() => {
      running = null
    })
  }
  return running
}

/** @param {(item: Waiting, problem: Problem) => void} refused */
async function flushAll(refused) {
  for (const item of waiting()) {
    try {
      await sendOne(item)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.passing && error.kind !== 'broken') return
      if (!error.passing) refused(item, error)
    }
  }
}

function clear() {
  wx.removeStorageSync(NAME)
}

module.exports = { submit, waiting, flush, take, clear }
