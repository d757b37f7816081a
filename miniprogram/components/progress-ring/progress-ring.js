/** A ring whose parts are shares of the whole, in the order given; what is left shows the track. */
'use strict'
const { gradientOf } = require('../../views/ring')

Component({
  properties: {
    parts: { type: Array, value: [], observer: 'draw' },
    label: { type: String, value: '' },
  },
  data: { gradient: gradientOf([]) },
  lifetimes: {
    attached() {
      this.draw()
    },
  },
  methods: {
    draw() {
      this.setData({ gradient: gradientOf(this.data.parts) })
    },
  },
})
