import type { Layer } from '@rivulet/core'
import { type FaultInfo, faultsThatBreak } from '@rivulet/simulator'
import { chance, pick } from './chance.ts'

export interface Strikes {
  /** The fraction of the streams that break, 0 to 1. */
  ratio: number
  seed: number
  /** Called with the fault of each request that will break. */
  onStrike: (kind: string) => void
}

/** Interval of an endless trickle: the member's deadline ends it before any answer is complete. */
const TRICKLE_MS = 300
/** A line just beyond the limit: the usual 100 MiB prove no more. */
const LINE_BYTES = 17 * 1024 * 1024
/** Most answers are shorter: a fault after the last token strikes right there. */
const TOKENS = 80

/** Faults that leave a chat-completions answer whole: it has its end mark, and a reader ignores unreadable lines. */
const HARMLESS = ['end-mark-then-open', 'no-end-mark', 'long-content-length', 'garbage-data', 'after-end']

/** Without `random`: the fault and its event are chosen here. */
const KINDS = faultsThatBreak.filter(({ kind }) => kind !== 'random' && !HARMLESS.includes(kind))

/**
 * Breaks a fraction of the requests to a simulator: any kind of break, at any event of the answer. The question decides the kind
 * and the event, so that a run is repeatable in whatever order its requests arrive.
 */
export function striking({ ratio, seed, onStrike }: Strikes): Layer {
  return (next) => ({
    ...next,
    stream(request, call) {
      const random = chance('strike', next.id, seed, JSON.stringify(request.messages))
      if (random() >= ratio) return next.stream(request, call)
      const fault = faultFor(pick(KINDS, random), random)
      onStrike(fault.kind)
      // JSON of ASCII words and numbers is a valid header value.
      return next.stream(request, { ...call, headers: { ...call?.headers, 'x-simulate': JSON.stringify(fault) } })
    },
  })
}

function faultFor({ kind, options }: FaultInfo, random: () => number): { kind: string } {
  return {
    kind,
    ...(options.includes('afterEvents') && { afterEvents: Math.floor(random() * TOKENS) }),
    ...(kind === 'trickle' && { everyMs: TRICKLE_MS }),
    ...(kind === 'endless-line' && { bytes: LINE_BYTES }),
  }
}
