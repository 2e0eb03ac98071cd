import type { Clock } from './clock.ts'

/**
 * A clock for tests, which moves only by `advance()`: a minute of silence takes no time.
 *
 * @example
 * const clock = new ManualClock()
 * const provider = lockchat({ deadlines: { idleMs: 60_000, clock } })
 * await clock.advance(60_000)
 */
export class ManualClock implements Clock {
  #now: number
  readonly #timers = new Set<{ at: number; run: () => void }>()

  /** @param startMs What `now()` returns first. */
  constructor(startMs = 1_000) {
    this.#now = startMs
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Moves by `ms`, timer by timer, with a turn of the event loop after each. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await turn()
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
      await turn()
    }
    this.#now = until
  }
}

/** One turn of the event loop: every promise that can settle does. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
