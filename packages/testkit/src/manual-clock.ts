import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '@rivulet/core'

/**
 * Time that passes only when it is told to: a minute of silence takes no time at all.
 *
 * @example
 * const clock = new ManualClock()
 * const provider = lockchat({ deadlines: { idleMs: 60_000, clock } })
 * await clock.advance(60_000)
 */
export class ManualClock implements Clock {
  #now = 1_000
  readonly #timers = new Set<{ at: number; run: () => void }>()

  /** How many timers wait. */
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

  /** Lets time pass, timer by timer, and what follows from each run. */
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
