/** The source tree as the tools see it: which files there are, and which of them are uploaded. */
'use strict'
const fs = require('node:fs')
const path = require('node:path')

const ROOT = path.resolve(__dirname, '..')

/** Files under `folder` whose name ends in `ending`, without node_modules; sorted. */
function filesUnder(folder, ending) {
  const found = []
  for (const item of fs.readdirSync(folder, { withFileTypes: true })) {
    if (item.name === 'node_modules') continue
    const full = path.join(folder, item.name)
    if (item.isDirectory()) found.push(...filesUnder(full, ending))
    else if (item.name.endsWith(ending)) found.push(full)
  }
  return found.sort()
}

/** Files that DevTools would upload: all but what project.config.json leaves out. */
function packaged(root = ROOT) {
  const config = JSON.parse(fs.readFileSync(path.join(root, 'project.config.json'), 'utf8'))
  const left = config.packOptions.ignore
  return filesUnder(root, '').filter((file) => {
    const name = path.relative(root, file)
    return !left.some((rule) =>
      rule.type === 'folder' ? name.startsWith(`${rule.value}/`) : rule.type === 'suffix' ? name.endsWith(rule.value) : name === rule.value,
    )
  })
}

module.exports = { ROOT, filesUnder, packaged }
