import type { Bench } from '../bench.ts'
import { Child } from '../child.ts'
import { median } from '../figures.ts'
import type { Race, Row } from '../result.ts'

const PIECES = [
  ['in pieces of 1 byte', 'events', 1],
  ['in pieces of 7 bytes', 'events', 7],
  ['in pieces of 1 KB', 'events', 1024],
  ['in pieces of 64 KB', 'events', 64 * 1024],
  ['one event of that length, in pieces of 1 KB', 'one-event', 1024],
] as const

const MB = 1024 * 1024

/**
 * Whether the decoder is linear: what it costs to read twice as much, as a ratio. The cost of a byte is printed beside it:
 * it is that of a piece, shared among its bytes.
 */
export async function decoder(bench: Bench): Promise<Race> {
  const megabytes = bench.quick ? 16 : 64
  const child = new Child('decoder', bench.execArgv)
  const rows: Row[] = []
  try {
    for (const [label, url, size] of PIECES) {
      const measure = async (times: number): Promise<number> => {
        bench.progress(`The decoder  ${label}`)
        return (await child.measure({ url, size, times, atOnce: false })).cpu * 1000
      }
      await measure(megabytes / 2)
      const halves: number[] = []
      const wholes: number[] = []
      for (let round = 0; round < 3; round++) {
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
    about: `${megabytes} MB of events, however they are cut. Twice as much may cost twice as much, and no more.`,
    unit: 'ns/byte',
    versus: `× half as much`,
    rows,
  }
}
