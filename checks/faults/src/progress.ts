/** Between two lines on an output that is not a terminal, in milliseconds. */
const EVERY_MS = 5_000

/** One progress line on stderr. A terminal overwrites it; other outputs get a new line every few seconds. */
export function progress(): { show: (text: string) => void; end: () => void } {
  const { stderr } = process
  const startedAt = performance.now()
  let shownAt = startedAt
  return {
    show(text) {
      const now = performance.now()
      const line = `${((now - startedAt) / 1000).toFixed(0).padStart(4)} s  ${text}`
      if (stderr.isTTY) stderr.write(`\r\u001b[K${line.slice(0, (stderr.columns || 80) - 1)}`)
      else if (now - shownAt > EVERY_MS) {
        shownAt = now
        stderr.write(`${line}\n`)
      }
    },
    end() {
      if (stderr.isTTY) stderr.write('\r\u001b[K')
    },
  }
}
