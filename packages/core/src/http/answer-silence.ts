import type { Limits } from '../layers/limits.ts'

/**
 * A silence after the reason to end, which ends the answer: some endpoints send no end mark and keep the connection open. It
 * is over before the reader's idle deadline passes, which would make an error of a complete answer.
 */
export class AnswerSilence {
  /** It has lasted long enough. */
  hasEnded = false
  readonly cancel: () => void

  constructor({ clock, idleMs }: Limits, endsAfterMs: number | 'idleMs', onEnd: () => void) {
    const beforeDeadlineMs = idleMs * 0.9
    const ms = endsAfterMs === 'idleMs' ? beforeDeadlineMs : Math.min(endsAfterMs, beforeDeadlineMs)
    const end = (): void => {
      this.hasEnded = true
      onEnd()
    }
    this.cancel = ms === Infinity ? () => undefined : clock.after(ms, end)
  }
}
