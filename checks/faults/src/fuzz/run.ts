import fc from 'fast-check'
import type { Proved } from '../subjects.ts'
import { checkFraming, FRAMINGS } from './framings.ts'
import { checkProvider } from './providers.ts'
import { seeds } from './seeds.ts'
import { type Stream, streams } from './streams.ts'

export interface FuzzOptions {
  runs: number
  seed: number
  onRun?: (runs: number) => void
}

export interface Fuzzed {
  runs: number
  targets: readonly string[]
  bytes: number
  /** Peak memory of this process, in bytes. */
  peakBytes: number
}

type Check = (stream: Stream) => Promise<void> | void

/** The targets by name: every framing of core, and every provider from its body to its events. */
export function targets(proved: readonly Proved[]): Map<string, Check> {
  const framings = Object.keys(FRAMINGS).map((name): [string, Check] => [
    `framing ${name}`,
    (stream) => {
      checkFraming(name, stream)
    },
  ])
  const providers = proved.map(({ id, subject }): [string, Check] => [id, (stream) => checkProvider(subject, stream)])
  return new Map([...framings, ...providers])
}

/** Sends random and mutated streams through every target. Rejects with the smallest stream that breaks one, and its seed. */
export async function fuzz(proved: readonly Proved[], { runs, seed, onRun }: FuzzOptions): Promise<Fuzzed> {
  const all = targets(proved)
  let done = 0
  let bytes = 0
  const property = fc.asyncProperty(fc.constantFrom(...all.keys()), streams(seeds()), async (name, stream) => {
    bytes += stream.pieces.reduce((sum, { length }) => sum + length, 0)
    onRun?.(++done)
    await all.get(name)?.(stream)
  })
  await fc.assert(property, { numRuns: runs, seed })
  return { runs, targets: [...all.keys()], bytes, peakBytes: process.resourceUsage().maxRSS * 1024 }
}
