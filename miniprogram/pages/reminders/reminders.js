/** Reminders: when, how often, what else; whether they can reach the person, and how many more the platform lets through. */
'use strict'
const { words, say } = require('../../wording/index')
const { show } = require('../../api/showing')
const { read, newKey } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const { act, tell } = require('../../api/doing')
const drafts = require('../../store/drafts')
const { day, isoDay } = require('../../views/dates')
const { remindersView, deadlineRows, wishesView, toggledStage, wishesOf } = require('../../views/reminders')

const FORM = 'reminders'

Component({
  data: {
    words: words.reminders,
    grantText: words.grant.reminder,
    state: 'loading',
    stale: '',
    problem: '',
    wishes: /** @type {Record<string, any>} */ ({}),
    ...wishesView({}),
    dirty: false,
    busy: false,
    key: '',
    about: '',
    on: '',
    onShown: words.reminders.add_day,
    today: isoDay(),
    deadlines: /** @type {any[]} */ ([]),
  },
  methods: {
    onLoad() {
      this.load()
    },
    async load() {
      const kept = drafts.find(FORM)
      await show(this, '/reminders', undefined, (got) => {
        const wishes = kept ? kept.wishes : wishesOf(got)
        return { ...remindersView(got), wishes, ...wishesView({ ...wishes, stages: got.stages }), dirty: Boolean(kept), key: kept ? kept.key : newKey() }
      })
      try {
        this.setData({ deadlines: deadlineRows((await read('/deadlines')).data) })
      } catch (error) {
        asProblem(error)
      }
    },
    /** @param {Record<string, any>} change */
    change(change) {
      const wishes = { ...this.data.wishes, ...change }
      const key = newKey()
      this.setData({ wishes, ...wishesView({ ...wishes, stages: this.data.allStages }), dirty: true, key })
      drafts.keep(FORM, { wishes, key })
    },
    toggle(event) {
      this.change({ stopped: !event.detail.value })
    },
    stage(event) {
      this.change(toggledStage(this.data.wishes, this.data.allStages, Number(event.currentTarget.dataset.days)))
    },
    chooseEvery(event) {
      const code = event.currentTarget.dataset.code
      this.change({ every: code === 'none' ? null : code, on: code === 'week' || code === 'month' ? 1 : null })
    },
    chooseOn(event) {
      this.change({ on: Number(event.detail.value) + 1 })
    },
    aboutTyped(event) {
      this.setData({ about: event.detail.value })
    },
    onChosen(event) {
      this.setData({ on: event.detail.value, onShown: day(event.detail.value) })
    },
    add() {
      const { about, on, wishes } = this.data
      if (!about.trim() || !on) return
      this.change({ asked: [...(wishes.asked || []), { on, about: about.trim() }] })
      this.setData({ about: '', on: '', onShown: say('reminders.add_day') })
    },
    remove(event) {
      const { index } = event.currentTarget.dataset
      this.change({ asked: this.data.wishes.asked.filter((_, at) => at !== index) })
    },
    async save() {
      if (!this.data.dirty) return
      const done = await act(this, { method: 'PUT', path: '/reminders', body: this.data.wishes, key: this.data.key, label: say('reminders.label') })
      if (done.again) return
      tell(done)
      if (done.refused) return this.setData({ key: newKey() })
      drafts.drop(FORM)
      if (done.waits) return this.setData({ dirty: false })
      wx.showToast({ title: say('reminders.saved') })
      this.load()
    },
  },
})
