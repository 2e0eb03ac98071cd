/** Between two lines where a line can't be written over, in milliseconds. */
const EVERY_MS = 5000
/** Between two states of a line that is written over. */
const OFTEN_MS = 100

/** One line on stderr that says how far it is. */
export class Progress {
  #shownAt = -Infinity

  show(text: string): void {
    const { stderr } = process
    const now = performance.now()
    if (now - this.#shownAt < (stderr.isTTY ? OFTEN_MS : EVERY_MS)) return
    this.#shownAt = now
    stderr.write(stderr.isTTY ? `\r\u001b[K${text.slice(0, (stderr.columns || 80) - 1)}` : `${text}\n`)
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  }
}
