/** A list to choose one of, as a picker shows it. */
'use strict'

/**
 * @param {string} field
 * @param {string} name
 * @param {{code: any, label: string}[]} list
 * @param {any} chosen
 * @param {{code: any, label: string}} none what stands for no choice
 */
function choicesOf(field, name, list, chosen, none) {
  const items = [none, ...list]
  const index = Math.max(0, items.findIndex((each) => each.code === (chosen ?? null)))
  return { field, name, items, labels: items.map((each) => each.label), index, shown: items[index].label }
}

module.exports = { choicesOf }
