import type { Layer } from '@rivulet/core'
import { type FaultInfo, faultsThatBreak } from '@rivulet/simulator'
import { chance, pick } from './chance.ts'

export interface Strikes {
  /** Part of the streams that break, 0 to 1. */
  ratio: number
  seed: number
  /** Told of the fault that a request will meet. */
  onStrike: (kind: string) => void
}

/** Of an endless trickle: fewer tokens come than any answer has before the member's deadline ends it. */
const TRICKLE_MS = 300
/** A line just longer than what is read of one: the usual 100 MiB prove no more. */
const LINE_BYTES = 17 * 1024 * 1024
/** Most answers are shorter: where the fault would come behind the last token, it comes right there. */
const TOKENS = 80

/** These leave an answer of chat completions as it is: it has an end mark, and a line that can't be read is passed over. */
const HARMLESS = ['end-mark-then-open', 'no-end-mark', 'long-content-length', 'garbage-data', 'after-end']

/** The dice of `random` are thrown here, so that a break may come at any event. */
const KINDS = faultsThatBreak.filter(({ kind }) => kind !== 'random' && !HARMLESS.includes(kind))

/**
 * Lets a part of the requests to a simulator break: any kind of break, at any event of the answer. Which and where is
 * decided by the question, so that a run can be repeated whatever the order in which its requests arrive.
 */
export function striking({ ratio, seed, onStrike }: Strikes): Layer {
  return (next) => ({
    ...next,
    stream(request, call) {
      const random = chance('strike', next.id, seed, JSON.stringify(request.messages))
      if (random() >= ratio) return next.stream(request, call)
      const fault = faultFor(pick(KINDS, random), random)
      onStrike(fault.kind)
      // A header may hold no other characters than these, and this is JSON of words and numbers.
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
