/** The fields of one activity, with pickers; marks say which were not said or are unsure. Each change goes out whole. */
'use strict'
const { words, say } = require('../../wording/index')
const { day, days, isoDay } = require('../../views/dates')
const { CATEGORIES, MODES, UNITS, labelOf, marksOf, changed } = require('../../views/drafts')

Component({
  properties: {
    value: { type: Object, value: /** @type {Record<string, any>} */ ({}), observer: 'draw' },
    unsure: { type: Array, value: [], observer: 'draw' },
    missing: { type: Array, value: [], observer: 'draw' },
    errors: { type: Array, value: [], observer: 'draw' },
    candidates: { type: Array, value: [], observer: 'draw' },
  },
  data: {
    words: words.form,
    today: isoDay(),
    categories: CATEGORIES,
    modes: MODES,
    units: UNITS,
    quantity: '',
    marks: /** @type {Record<string, string>} */ ({}),
    choices: /** @type {any[]} */ ([]),
    shown: { start: '', end: '', mode: '', unit: '' },
    index: { mode: 0, unit: 0 },
  },
  lifetimes: {
    attached() {
      this.draw()
    },
  },
  methods: {
    draw() {
      const value = this.data.value || {}
      const place = (list, code) => Math.max(0, list.findIndex((each) => each.code === code))
      const typed = this.data.quantity // "2." is on its way to 2.5: what is typed stays
      this.setData({
        quantity: Number(typed) === value.quantity && typed !== '' ? typed : value.quantity === null || value.quantity === undefined ? '' : String(value.quantity),
        marks: marksOf(this.data),
        choices: /** @type {any[]} */ (this.data.candidates).flatMap((each) => (each.days || []).map((span) => ({ ...span, label: days(span.start, span.end) }))),
        shown: {
          start: day(value.start) || say('form.start'),
          end: day(value.end) || say('form.end'),
          mode: labelOf(MODES, value.mode) || say('form.choose'),
          unit: labelOf(UNITS, value.unit) || say('form.unit'),
        },
        index: { mode: place(MODES, value.mode), unit: place(UNITS, value.unit) },
      })
    },
    typed(event) {
      const { field } = event.currentTarget.dataset
      if (field === 'quantity') this.setData({ quantity: event.detail.value })
      this.tell({ [field]: event.detail.value })
    },
    picked(event) {
      const { field, list } = event.currentTarget.dataset
      const chosen = this.data[/** @type {'modes'|'units'} */ (list)][Number(event.detail.value)]
      if (chosen) this.tell({ [field]: chosen.code })
    },
    chooseCategory(event) {
      this.tell({ category: event.currentTarget.dataset.code })
    },
    chooseDays(event) {
      const { start, end } = event.currentTarget.dataset
      this.tell({ start, end })
    },
    /** @param {Record<string, any>} change */
    tell(change) {
      this.triggerEvent('change', { value: changed(this.data.value || {}, change), fields: Object.keys(change) })
    },
  },
})
