import { performance } from 'node:perf_hooks'
import type { Random } from './random.ts'
import type { Wire } from './wire.ts'

/**
 * How fast answers are sent.
 *
 * - `'instant'`: one write for each token, with no timer between them.
 * - `'natural'`: the first token after about 250 ms, then about 60 tokens a second, with seeded jitter.
 * - an object: exactly these numbers, without jitter.
 *
 * @default 'instant'
 */
export type Pace = 'instant' | 'natural' | { readonly firstTokenMs: number; readonly tokensPerSecond: number }

/** Waits until the next token of one answer is due. */
export type Pacer = (wire: Wire) => Promise<void>

/** Create one pacer per answer: its clock starts now. */
export function pacer(pace: Pace, random: Random): Pacer {
  if (pace === 'instant') return (wire) => wire.turn()
  const { firstTokenMs, tokensPerSecond } = pace === 'natural' ? { firstTokenMs: 250, tokensPerSecond: 60 } : pace
  const jitter = pace === 'natural' ? (): number => 0.5 + random.next() : (): number => 1
  // Add up due times, not delays, so that late timers do not slow down the whole answer.
  let dueMs = performance.now() + firstTokenMs * jitter()
  return async (wire) => {
    const waitMs = dueMs - performance.now()
    dueMs += (1000 / tokensPerSecond) * jitter()
    await (waitMs < 1 ? wire.turn() : wire.sleep(waitMs))
  }
}
