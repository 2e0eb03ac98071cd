import type { Bench } from '../bench.ts'
import { Child } from '../child.ts'
import { median } from '../figures.ts'
import type { Race, Row } from '../result.ts'

/** Of one message; 16 MB is the longest that is read, unless the caller says otherwise. */
const LONG_EVENT_MB = 8

const PIECES = [
  { label: 'in pieces of 1 byte', what: 'events', size: 1 },
  { label: 'in pieces of 7 bytes', what: 'events', size: 7 },
  { label: 'in pieces of 1 KB', what: 'events', size: 1024 },
  { label: 'in pieces of 64 KB', what: 'events', size: 64 * 1024 },
  { label: `one event of ${LONG_EVENT_MB} MB, in pieces of 1 KB`, what: 'one-event', size: 1024, long: LONG_EVENT_MB },
] as const

const MB = 1024 * 1024

/**
 * Whether the decoder is linear: what it costs to read twice as much, as a ratio. The cost of a byte is printed beside it:
 * it is that of a piece, shared among its bytes.
 */
export async function decoder(bench: Bench): Promise<Race> {
  const all = bench.quick ? 16 : 64
  const child = new Child('decoder', bench.execArgv)
  const rows: Row[] = []
  try {
    for (const { label, what: url, size, ...only } of PIECES) {
      const megabytes = 'long' in only ? only.long : all
      const measure = async (times: number): Promise<number> => {
        bench.progress(`The decoder  ${label}`)
        return (await child.measure({ url, size, times, atOnce: false })).cpu * 1000
      }
      await measure(megabytes / 2)
      const halves: number[] = []
      const wholes: number[] = []
      for (let round = 0; round < (bench.quick ? 3 : 5); round++) {
        halves.push(await measure(megabytes / 2))
        wholes.push(await measure(megabytes))
      }
      const perByte = (ns: number): number => ns / megabytes / MB
      rows.push({
        label,
        kind: 'ours',
        isFloor: false,
        median: perByte(median(wholes)),
        min: perByte(Math.min(...wholes)),
        max: perByte(Math.max(...wholes)),
        // Of the least of each: what disturbs a round only ever adds to it.
        ratio: Math.min(...wholes) / Math.min(...halves),
        target: { ratio: 2.2 },
      })
    }
  } finally {
    child.end()
  }
  return {
    kind: 'race',
    suite: 'decoder',
    id: 'decoder',
    title: 'The decoder of server-sent events',
    about: `${all} MB of events, however they are cut. Twice as much may cost twice as much, and no more.`,
    unit: 'ns/byte',
    versus: `× half as much`,
    rows,
  }
}
