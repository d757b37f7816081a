/** Where the actions that the service names lead. */
'use strict'

/** @type {Record<string, {tab?: string, page?: string}>} */
const WAYS = {
  record: { tab: '/pages/record/record' },
  photo: { page: '/pages/photo/photo' },
  plan: { page: '/pages/plan/plan' },
  entries: { tab: '/pages/entries/entries' },
  profile: { page: '/pages/profile/profile' },
  consent: { page: '/pages/privacy/privacy' },
  binding: { page: '/pages/binding/binding' },
}

/** @param {string} action @returns {boolean} whether there is a way */
function go(action) {
  const way = WAYS[action]
  if (!way) return false
  if (way.tab) wx.switchTab({ url: way.tab })
  else if (way.page) wx.navigateTo({ url: way.page })
  return true
}

/** @param {string} action */
function leads(action) {
  return action in WAYS
}

module.exports = { go, leads }
