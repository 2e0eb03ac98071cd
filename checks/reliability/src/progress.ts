/** Between two lines on an output that is not a terminal, in milliseconds. */
const EVERY_MS = 5000
/** Between two updates of the line on a terminal, in milliseconds. */
const OFTEN_MS = 100

/** One progress line on stderr. */
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
