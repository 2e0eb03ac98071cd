import { dice } from './dice.ts'
import { check, type Finding, isWithin, smallest } from './finding.ts'
import type { Dialect } from './oddities.ts'
import { type Around, type Reader, readerOf } from './play.ts'
import { streamOf } from './stream.ts'

export interface LiesOptions {
  runs: number
  /** The seed of the first stream; each stream that follows has the next number. */
  seed: number
  dialects: readonly Dialect[]
  /** Wraps every provider before it is read. */
  around?: Around
  onRun?: (runs: number, wrong: number) => void
}

/** Findings of one kind. */
export interface Found {
  first: Finding
  count: number
}

export interface Lies {
  runs: number
  whole: number
  /** Cut, failed, or no answer. */
  cut: number
  wrong: number
  bytes: number
  /** By dialect and kind, the most frequent first. */
  findings: readonly Found[]
}

/** Reads `runs` streams of servers that lie. */
export async function lies({ runs, seed, dialects, around, onRun }: LiesOptions): Promise<Lies> {
  const readers = await readersOf(dialects, around)
  const found = new Map<string, Found>()
  const counts = { whole: 0, cut: 0, wrong: 0, bytes: 0 }
  for (let run = 0; run < runs; run++) {
    const own = seed + run
    const dialect = dice(own, 'dialect').pick(dialects)
    const reader = readers.get(dice(own, 'reader').pick(dialect.readers))
    if (reader === undefined) throw new TypeError(`No reader of ${dialect.id}.`)
    const stream = streamOf(own, dialect)
    counts.bytes += stream.delivery.bytes
    if (stream.truth.is === 'whole') counts.whole++
    else counts.cut++
    const wrong = await check(stream, reader)
    if (wrong !== undefined) {
      counts.wrong++
      const known = [...found.values()].map(({ first }) => first).filter((first) => first.dialect === dialect.id)
      keep(found, await smallest(stream, { wrong, dialect, reader, known }))
    }
    onRun?.(run + 1, counts.wrong)
  }
  return { runs, ...counts, findings: merged([...found.values()]) }
}

/** Counts a finding that has all the oddities of a smaller one as that one. */
function merged(all: readonly Found[]): Found[] {
  const kept: Found[] = []
  for (const found of [...all].sort((a, b) => partsOf(a).length - partsOf(b).length)) {
    const { dialect } = found.first
    const within = kept.find((one) => one.first.dialect === dialect && isWithin(partsOf(one), partsOf(found)))
    if (within === undefined) kept.push({ ...found })
    else within.count += found.count
  }
  return kept.sort((a, b) => b.count - a.count)
}

const partsOf = ({ first: { kind } }: Found): string[] => kind.split(' + ')

function keep(found: Map<string, Found>, finding: Finding): void {
  const name = `${finding.dialect}: ${finding.kind}`
  const known = found.get(name)
  if (known === undefined) found.set(name, { first: finding, count: 1 })
  else known.count++
}

/** A reader for every subject that the dialects name. */
export async function readersOf(dialects: readonly Dialect[], around?: Around): Promise<Map<string, Reader>> {
  const names = new Set(dialects.flatMap(({ readers }) => readers))
  return new Map(await Promise.all([...names].map(async (name) => [name, await readerOf(name, around)] as const)))
}
