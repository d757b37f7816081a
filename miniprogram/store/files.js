/** Pictures on this phone: taken or chosen, edited in the platform's editor, kept until they have been sent. */
'use strict'

/** @param {'camera'|'album'} source @returns {Promise<string>} a path, '' when none was taken */
function takePhoto(source) {
  return new Promise((resolve) => {
    wx.chooseMedia({
      count: 1,
      mediaType: ['image'],
      sourceType: [source],
      sizeType: ['original'],
      success: (got) => resolve(got.tempFiles.length ? got.tempFiles[0].tempFilePath : ''),
      fail: () => resolve(''),
    })
  })
}

function canEdit() {
  return typeof (/** @type {any} */ (wx).editImage) === 'function'
}

/** Turn, crop, cover up what nobody needs to see. @param {string} file @returns {Promise<string>} '' when it was left as it is */
function editPhoto(file) {
  return new Promise((resolve) => {
    /** @type {any} */ wx.editImage({ src: file, success: (got) => resolve(got.tempFilePath), fail: () => resolve('') })
  })
}

/** A temporary file may go when the mini program closes: it is kept, where the phone allows it. @param {string} file @returns {Promise<string>} */
function keepFile(file) {
  return new Promise((resolve) => {
    if (typeof wx.getFileSystemManager !== 'function') return resolve(file)
    wx.getFileSystemManager().saveFile({ tempFilePath: file, success: (got) => resolve(got.savedFilePath || file), fail: () => resolve(file) })
  })
}

module.exports = { takePhoto, canEdit, editPhoto, keepFile }
