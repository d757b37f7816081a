/** Documents that the service makes: waited for, fetched, opened. */
'use strict'
const { read, fetchFile } = require('./client')
const { asProblem } = require('./problem')

const EVERY = 1500
const MOST = 40

/** @param {string} path of the export @returns {Promise<any>} ready, failed, or still making after a minute */
async function waitFor(path, every = EVERY) {
  let last = { state: 'making', path }
  for (let times = 0; times < MOST; times++) {
    try {
      last = (await read(path)).data
    } catch (error) {
      if (!asProblem(error).passing) throw error
    }
    if (last.state !== 'making') break
    await new Promise((resolve) => setTimeout(resolve, every))
  }
  return last
}

const KINDS = { 'application/pdf': 'pdf', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx' }

/** Opens a picture or document; what the phone cannot show is handed on. @param {{file: string, type: string}} made */
async function openFile(made) {
  const file = await fetchFile(made.file)
  if (made.type.startsWith('image/')) return wx.previewImage({ urls: [file] })
  if (made.type in KINDS) return wx.openDocument({ filePath: file, fileType: KINDS[made.type], showMenu: true })
  if (typeof wx.shareFileMessage === 'function') return wx.shareFileMessage({ filePath: file })
  return wx.openDocument({ filePath: file, showMenu: true })
}

module.exports = { waitFor, openFile }
