/**
 * Has the browser save a file.
 *
 * @param {string} title
 * @param {'md' | 'json'} kind
 * @param {string} text
 */
export function saveFile(title, kind, text) {
  const name =
    title
      .replace(/[^\p{L}\p{N} _-]+/gu, '')
      .trim()
      .slice(0, 60) || 'conversation'
  const url = URL.createObjectURL(new Blob([text], { type: kind === 'md' ? 'text/markdown' : 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.${kind}`
  link.click()
  // After the download has begun.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 10_000)
}
