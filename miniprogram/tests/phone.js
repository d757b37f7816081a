/**
 * A phone for the tests: storage that survives a restart of the mini program, a network that answers as docs/api.md says
 * (tests/answers.json) or not at all, and a record of what was asked, opened and said.
 */
'use strict'
const path = require('node:path')

const ROOT = path.resolve(__dirname, '..')
const ANSWERS = require('./answers.json')

/** @type {{name: string, simulate: any, id: string} | null} the page that is loaded */
let loaded = null

class Phone {
  constructor() {
    this.stored = new Map()
    this.network = true
    /** @type {{method: string, path: string, query: Record<string, string>, body: any, header: Record<string, string>}[]} */
    this.asked = []
    this.went = []
    this.said = []
    this.yes = true
    this.typed = ''
    this.photo = 'wxfile://tmp_1.jpg'
    this.consents = 'accept'
    /** @type {Record<string, any>} what a path answers instead; a function sees the request */
    this.instead = {}
    this.biggest = 0
  }

  /** `status`, `body` and `header` for a request. */
  answer(request) {
    const name = `${request.method} ${request.path}`
    let said = name in this.instead ? this.instead[name] : ANSWERS[name]
    if (typeof said === 'function') said = said(request)
    if (said && said.status) return said
    if (said === undefined || said === null) return { status: 404, body: { status: 404, code: 'not_found', detail: 'not there' } }
    return { status: 200, body: said, header: {} }
  }

  exchange(options, method, body) {
    if (!this.network) return options.fail({ errMsg: 'request:fail' })
    const url = new URL(options.url, 'https://service.test')
    const path = decodeURIComponent(url.pathname).replace('/api/v1', '')
    const request = { method, path, query: Object.fromEntries(url.searchParams), body, header: options.header || {} }
    this.asked.push(request)
    const { status, body: told, header } = this.answer(request)
    if (status === 'pending') return null
    if (status === 'lost') return options.fail({ errMsg: 'request:fail timeout' })
    return { statusCode: status, header: header || {}, told }
  }

  /** The functions of wx.* over this phone. */
  wx() {
    const soon = (run) => Promise.resolve().then(run)
    return {
      getStorageSync: (key) => (this.stored.has(key) ? JSON.parse(this.stored.get(key)) : ''),
      setStorageSync: (key, value) => this.stored.set(key, JSON.stringify(value)),
      removeStorageSync: (key) => this.stored.delete(key),
      getExtConfigSync: () => ({ api_base: '' }),
      login: ({ success }) => soon(() => success({ code: 'code' })),
      request: (options) =>
        soon(() => {
          const got = this.exchange(options, options.method, options.data && JSON.parse(options.data))
          if (got) options.success({ statusCode: got.statusCode, header: got.header, data: JSON.stringify(got.told) })
        }),
      uploadFile: (options) =>
        soon(() => {
          const got = this.exchange(options, 'POST', { file: options.filePath })
          if (got) options.success({ statusCode: got.statusCode, data: JSON.stringify(got.told) })
        }),
      downloadFile: (options) => soon(() => (this.network ? options.success({ statusCode: 200, tempFilePath: 'wxfile://picture.jpg' }) : options.fail({}))),
      navigateTo: ({ url }) => this.went.push(url),
      redirectTo: ({ url }) => this.went.push(url),
      switchTab: ({ url }) => this.went.push(url),
      reLaunch: ({ url }) => this.went.push(url),
      navigateBack: () => this.went.push('back'),
      showToast: ({ title }) => this.said.push(title),
      showModal: (options) => {
        this.said.push(`${options.title} ${options.content || ''}`)
        return soon(() => {
          if (options.success) options.success({ confirm: this.yes, content: this.typed })
          if (options.complete) options.complete()
        })
      },
      chooseMedia: ({ success, fail }) => soon(() => (this.photo ? success({ tempFiles: [{ tempFilePath: this.photo }] }) : fail({}))),
      editImage: ({ success }) => soon(() => success({ tempFilePath: 'wxfile://edited.jpg' })),
      getFileSystemManager: () => ({ saveFile: ({ tempFilePath, success }) => soon(() => success({ savedFilePath: tempFilePath })) }),
      previewImage: () => {},
      openDocument: ({ filePath }) => this.went.push(filePath),
      setClipboardData: ({ data, success }) => {
        this.said.push(data)
        if (success) success()
      },
      requestSubscribeMessage: ({ tmplIds, success }) => soon(() => success(Object.fromEntries(tmplIds.map((id) => [id, this.consents])))),
      stopPullDownRefresh: () => {},
      onNetworkStatusChange: (tell) => (this.networkChanged = tell),
      getAppBaseInfo: () => ({ theme: 'light', SDKVersion: '3.4.0' }),
      getWindowInfo: () => ({ windowWidth: 375, windowHeight: 667, pixelRatio: 2, statusBarHeight: 20 }),
      getDeviceInfo: () => ({ platform: 'ios' }),
      onThemeChange: () => {},
      getSystemInfoSync: () => ({ SDKVersion: '3.4.0', platform: 'ios' }),
    }
  }

  /** This phone is the one in hand. */
  use() {
    Object.assign(global.wx || (global.wx = {}), this.wx())
    global.getApp = () => ({})
    global.getCurrentPages = () => []
  }

  /** Starts the mini program anew: its modules forget what they held, the storage stays. */
  start() {
    jest.resetModules()
    loaded = null
    this.use()
  }

  /** @param {string} name of a module of ours, from the root */
  module(name) {
    return require(path.join(ROOT, name))
  }

  /**
   * Opens a page as the platform does: its query as properties, onLoad, onShow. A page is loaded once and shown anew: loading
   * costs a second, and the simulator registers a part that another page loaded before only after a start.
   * @param {string} name such as `home`
   * @param {Record<string, string>} [query]
   */
  async open(name, query = {}) {
    if (!loaded || loaded.name !== name) {
      this.start()
      const simulate = require('miniprogram-simulate')
      this.use()
      const kit = Object.fromEntries(['skeleton', 'switch'].map((each) => [`t-${each}`, `/miniprogram_npm/tdesign-miniprogram/${each}/${each}`]))
      loaded = { name, simulate, id: simulate.load(path.join(ROOT, 'pages', name, name), { rootPath: ROOT, usingComponents: kit }) }
    }
    this.use()
    const page = loaded.simulate.render(loaded.id, query)
    page.attach(document.createElement('parent'))
    this.watch(page.instance)
    if (page.instance.onLoad) page.instance.onLoad(query)
    if (page.instance.onShow) page.instance.onShow()
    await this.settle()
    return page
  }

  /** Keeps the size of the biggest setData. */
  watch(instance) {
    const { size } = this.module('views/parts')
    const plain = instance.setData
    instance.setData = (change, done) => {
      this.biggest = Math.max(this.biggest, size(change))
      return plain.call(instance, change, done)
    }
  }

  /** Lets everything happen that waits for nothing but itself. */
  async settle() {
    for (let times = 0; times < 60; times++) await Promise.resolve()
    if (!jest.isMockFunction(setTimeout)) await new Promise((resolve) => setTimeout(resolve, 5))
    for (let times = 0; times < 60; times++) await Promise.resolve()
  }

  /** Requests so far to a path. */
  to(name) {
    return this.asked.filter((each) => `${each.method} ${each.path}` === name)
  }
}

const problem = (status, code, more = {}) => ({ status, body: { title: code, status, code, detail: `sentence of ${code}`, ...more } })

/** An event as a tag sends it. */
const event = (dataset, detail = {}) => ({ currentTarget: { dataset }, detail })

module.exports = { Phone, problem, event, ANSWERS, ROOT }
