import { failover } from '@rivulet/router'
import { type Law, laws as allLaws, type Proof, prove, type Subject } from '@rivulet/testkit'
import type { Proved } from './subjects.ts'

/** Where a provider stands while it is tried. */
export type Place = 'alone' | 'in a group'

export const PLACES: readonly Place[] = ['alone', 'in a group']

/** What became of one law, and where. */
export interface Finding extends Proof {
  id: string
  place: Place
  /** From when the caller left until the server saw the connection close, in milliseconds, where it was measured. */
  closedMs?: number
  /** The same of a bare socket: what the machine itself takes. */
  bareMs?: number
}

export interface MatrixOptions {
  /** @default every row, and the laws of none */
  row?: number | undefined
  /** Fewer cases of each law. @default false */
  quick?: boolean
  /** @default both */
  places?: readonly Place[]
}

function inPlace(subject: Subject, place: Place): Subject {
  if (place === 'alone') return subject
  return { ...subject, wrap: (provider) => failover([provider]), group: (members) => failover(members) }
}

/** The laws that speak of a row, in a place. */
const lawsOf = (row: number | undefined, place: Place): readonly Law[] =>
  allLaws.filter(
    ({ rows, ofGroups }) =>
      (row === undefined || rows.includes(row)) && (place === 'in a group' || ofGroups === undefined),
  )

/** How many findings there will be. */
export const sizeOf = (proved: readonly Proved[], row: number | undefined): number =>
  // Two forms, two transports.
  proved.length * PLACES.reduce((sum, place) => sum + lawsOf(row, place).length, 0) * 4

/** Every law × every provider × both transports × both forms of answer × both places. */
export async function* matrix(
  proved: readonly Proved[],
  { row, quick = false, places = PLACES }: MatrixOptions = {},
): AsyncGenerator<Finding, undefined> {
  for (const { id, subject } of proved) {
    for (const place of places) {
      // A busy machine is slow, and a law that waits for ever waits long enough to be told from it.
      // What a group changes is not how bytes are read: there, a sample of the cuts is enough.
      const options = { laws: lawsOf(row, place), thorough: !quick && place === 'alone', patienceMs: 15_000 }
      for await (const proof of prove(inPlace(subject, place), options)) yield { ...proof, id, place }
    }
  }
}
