/** What the rules say: a question answered from the text, or the documents to leaf through, place by place. */
'use strict'
const { words } = require('../../wording/index')
const { show } = require('../../api/showing')
const { read } = require('../../api/client')
const { asProblem } = require('../../api/problem')
const { documentRows, answersView } = require('../../views/policies')
const { openArticle } = require('../../views/citations')

const NATIONAL = 'national'

Component({
  data: {
    words: words.policies,
    state: 'loading',
    stale: '',
    problem: '',
    text: '',
    asked: '',
    topic: '',
    places: /** @type {any[]} */ ([]),
    placeNames: /** @type {string[]} */ ([]),
    placeIndex: 0,
  },
  methods: {
    onLoad() {
      this.load()
    },
    /** The places' documents; one's own place first. */
    async load() {
      let region = NATIONAL
      try {
        region = (await read('/me')).data.region || NATIONAL
      } catch (error) {
        asProblem(error)
      }
      await show(this, '/places', undefined, (got) => {
        const placeIndex = Math.max(0, got.items.findIndex((each) => each.place === (this.data.places.length ? this.place() : region)))
        return { places: got.items.map(({ place, name }) => ({ place, name })), placeNames: got.items.map((each) => each.name), placeIndex, ...documentRows(got.items[placeIndex]) }
      })
    },
    place() {
      const chosen = this.data.places[this.data.placeIndex]
      return chosen ? chosen.place : ''
    },
    again() {
      if (this.data.asked) this.ask()
      else this.load()
    },
    typed(event) {
      this.setData({ text: event.detail.value })
    },
    choosePlace(event) {
      this.setData({ placeIndex: Number(event.detail.value) })
      this.again()
    },
    example(event) {
      this.setData({ text: event.currentTarget.dataset.text })
      this.search()
    },
    search() {
      if (!this.data.text.trim()) return
      this.setData({ asked: this.data.text.trim(), topic: '', state: 'loading' })
      this.ask()
    },
    guess(event) {
      const { topic, label } = event.currentTarget.dataset
      this.setData({ text: label, asked: label, topic, state: 'loading' })
      this.ask()
    },
    async ask() {
      const { asked, topic } = this.data
      await show(this, '/policies', topic ? { topic, place: this.place() } : { q: asked, place: this.place() }, answersView)
    },
    back() {
      this.setData({ asked: '', topic: '', text: '', state: 'loading' })
      this.load()
    },
    open(event) {
      openArticle(event.currentTarget.dataset.path)
    },
  },
})
