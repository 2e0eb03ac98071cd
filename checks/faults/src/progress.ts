/** How often there is a line where lines can't be written over, in milliseconds. */
const EVERY_MS = 5_000

/** One line on stderr that is written over; where it is no terminal, a line now and then. */
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
