import { dice, type Dice } from './dice.ts'
import type { Meant, Range } from './meant.ts'
import type { Script } from './script.ts'

/** Whether a kind of oddity can be spelled of what is meant, beside the others, and a reader can still tell what was meant. */
export type Fits = (meant: Meant, has: (kind: string) => boolean) => boolean

/** Kinds of oddity of which a stream has one at most. */
export interface Slot {
  kinds: Readonly<Record<string, Fits>>
  /** These answers always have one: they have no plain spelling. */
  always?: (meant: Meant) => boolean
  /** How often an answer has one, in addition to those that are drawn from the other slots. @default as the others */
  probability?: number
}

/** What a writer writes: what is meant, and by which oddities. */
export interface Spelling {
  meant: Meant
  /** @throws TypeError for a kind that the dialect does not list. */
  has: (kind: string) => boolean
  /** Dice for one purpose of the writer. */
  roll: (purpose: string) => Dice
}

/** How a server of a dialect writes: independent of what reads it. */
export interface Dialect {
  id: string
  framing: 'sse' | 'ndjson' | 'text'
  /** The subjects that read it, as `checks/faults/src/subjects.ts` names them. */
  readers: readonly string[]
  range: Range
  slots: readonly Slot[]
  write: (spelling: Spelling) => Script
}

/** All that may be odd in the answers of a dialect. */
export interface Oddities {
  slots: readonly Slot[]
  byKind: ReadonlyMap<string, { slot: Slot; fits: Fits }>
}

/** @throws TypeError for a kind that two slots have. */
export function oddities(slots: readonly Slot[]): Oddities {
  const byKind = new Map<string, { slot: Slot; fits: Fits }>()
  for (const slot of slots) {
    for (const [kind, fits] of Object.entries(slot.kinds)) {
      if (byKind.has(kind)) throw new TypeError(`Two slots have a kind "${kind}".`)
      byKind.set(kind, { slot, fits })
    }
  }
  return { slots, byKind }
}

/** How many oddities a stream has, as a list to pick from. */
const COUNTS = [0, 1, 1, 2, 2, 3, 4, 6] as const

/** Draws the oddities of a stream. */
export function draw(all: Oddities, meant: Meant, roll: Dice): string[] {
  const drawn: string[] = []
  const rest: Slot[] = []
  for (const slot of all.slots) {
    if (slot.always?.(meant) === true) add(slot, true)
    else if (slot.probability === undefined) rest.push(slot)
  }
  // A body that is not an answer has no oddities of a dialect.
  if (meant.failure?.kind === 'no-answer') return drawn
  const count = roll.pick(COUNTS)
  for (let tries = 0; tries < count && rest.length > 0; tries++) {
    const [slot] = rest.splice(roll.int(rest.length), 1)
    if (slot !== undefined) add(slot, false)
  }
  for (const slot of all.slots) {
    if (slot.probability !== undefined && roll.chance(slot.probability)) add(slot, false)
  }
  return drawn

  function add(slot: Slot, isNeeded: boolean): void {
    const fitting = Object.keys(slot.kinds).filter((kind) => fit(all, meant, [...drawn, kind]))
    if (fitting.length > 0) drawn.push(roll.pick(fitting))
    else if (isNeeded)
      throw new TypeError(`None of ${Object.keys(slot.kinds).join(', ')} fits ${JSON.stringify(meant)}.`)
  }
}

/** Whether these oddities can be spelled together. */
export function fit({ byKind }: Oddities, meant: Meant, kinds: readonly string[]): boolean {
  const has = (kind: string): boolean => kinds.includes(kind)
  const slots = new Set<Slot>()
  return kinds.every((kind) => {
    const known = byKind.get(kind)
    if (known === undefined || slots.has(known.slot)) return false
    slots.add(known.slot)
    // A slot of failures is for these failures alone.
    return known.slot.always?.(meant) !== false && known.fits(meant, has)
  })
}

/** What a writer is given. */
export function spelling(
  seed: number,
  meant: Meant,
  { byKind, kinds }: { byKind: Oddities['byKind']; kinds: readonly string[] },
): Spelling {
  return {
    meant,
    has(kind) {
      if (!byKind.has(kind)) throw new TypeError(`No oddity "${kind}".`)
      return kinds.includes(kind)
    },
    roll: (purpose) => dice(seed, purpose),
  }
}

export const anyway: Fits = () => true
/** In a stream, and not in an answer in one piece. */
export const inStream: Fits = ({ form }) => form === 'stream'
/** All of these. */
export const both =
  (...all: readonly Fits[]): Fits =>
  (meant, has) =>
    all.every((fits) => fits(meant, has))
/** Not beside any of these kinds. */
export const without =
  (...kinds: readonly string[]): Fits =>
  (_meant, has) =>
    !kinds.some(has)
export const withCalls: Fits = ({ calls }) => calls.length > 0
export const withText: Fits = ({ texts }) => texts.length > 0
export const withThoughts: Fits = ({ thoughts }) => thoughts.length > 0
export const withUsage: Fits = ({ usage }) => usage !== undefined
/** An answer that does not fail. */
export const ofWhole: Fits = ({ failure }) => failure === undefined
export const failingBy =
  (...kinds: readonly string[]) =>
  ({ failure }: Meant): boolean =>
    failure !== undefined && kinds.includes(failure.kind)
