import { performance } from 'node:perf_hooks'
import type { Random } from './random.ts'
import type { Wire } from './wire.ts'

/**
 * How fast answers come.
 *
 * - `'instant'`: one write for each token, with no timer between them.
 * - `'natural'`: the first token after about 250 ms, then about 60 tokens a second, with seeded jitter.
 * - an object: exactly these numbers.
 *
 * @default 'instant'
 */
export type Pace = 'instant' | 'natural' | { readonly firstTokenMs: number; readonly tokensPerSecond: number }

/** Waits until the next token of one answer is due. */
export type Pacer = (wire: Wire) => Promise<void>

/** One pacer for each answer: the clock starts here. */
export function pacer(pace: Pace, random: Random): Pacer {
  if (pace === 'instant') return (wire) => wire.turn()
  const { firstTokenMs, tokensPerSecond } = pace === 'natural' ? { firstTokenMs: 250, tokensPerSecond: 60 } : pace
  const jitter = pace === 'natural' ? (): number => 0.5 + random.next() : (): number => 1
  // Due times are added up, not delays: late timers must not make the whole answer slower.
  let dueMs = performance.now() + firstTokenMs * jitter()
  return async (wire) => {
    const waitMs = dueMs - performance.now()
    dueMs += (1000 / tokensPerSecond) * jitter()
    await (waitMs < 1 ? wire.turn() : wire.sleep(waitMs))
  }
}
