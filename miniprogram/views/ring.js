/** The ring's picture as a CSS gradient. */
'use strict'

/**
 * @param {{colour: string, share: number}[]} parts `colour` names a CSS variable, `share` is of the whole (0..1); what goes beyond
 *   the whole is cut
 */
function gradientOf(parts) {
  const stops = []
  let from = 0
  for (const part of parts) {
    const to = Math.min(100, from + Math.max(0, part.share) * 100)
    if (to - from < 0.05) continue
    stops.push(`var(--${part.colour}) ${round(from)}% ${round(to)}%`)
    from = to
  }
  if (from < 100) stops.push(`var(--track) ${round(from)}% 100%`)
  return `conic-gradient(${stops.join(', ')})`
}

function round(share) {
  return Math.round(share * 100) / 100
}

module.exports = { gradientOf }
