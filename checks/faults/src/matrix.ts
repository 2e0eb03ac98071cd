import { failover } from '@rivulet/router'
import { type Law, laws as allLaws, type Proof, prove, type Subject } from '@rivulet/testkit'
import type { Proved } from './subjects.ts'

/** How a provider is tried. */
export type Place = 'alone' | 'in a group'

export const PLACES: readonly Place[] = ['alone', 'in a group']

/** The result of one law in one place. */
export interface Finding extends Proof {
  id: string
  place: Place
  /** From the abort or break until the server saw the connection close, in milliseconds, where it was measured. */
  closedMs?: number
  /** The same for a bare socket: the time that the machine itself takes. */
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

/** The laws of a row that apply in a place. */
const lawsOf = (row: number | undefined, place: Place): readonly Law[] =>
  allLaws.filter(
    ({ rows, ofGroups }) =>
      (row === undefined || rows.includes(row)) && (place === 'in a group' || ofGroups === undefined),
  )

/** The number of findings that `matrix` yields: two forms of each law, over two transports or over any. */
export const sizeOf = (proved: readonly Proved[], row: number | undefined): number =>
  proved.length *
  PLACES.flatMap((place) => lawsOf(row, place)).reduce((sum, { anyTransport }) => sum + (anyTransport ? 2 : 4), 0)

/** For people: a law that no transport can change was tried over one, and is proved over any. */
export const transportOf = ({ transport }: Pick<Proof, 'transport'>): string => transport ?? 'any transport'

/** Every law × every provider × both transports, unless none can change it × both forms of answer × both places. */
export async function* matrix(
  proved: readonly Proved[],
  { row, quick = false, places = PLACES }: MatrixOptions = {},
): AsyncGenerator<Finding, undefined> {
  for (const { id, subject } of proved) {
    for (const place of places) {
      // Long enough to tell a law that waits for ever from a busy machine.
      // A group does not change how bytes are read: there, a sample of the cuts is enough.
      const options = { laws: lawsOf(row, place), thorough: !quick && place === 'alone', patienceMs: 15_000 }
      for await (const proof of prove(inPlace(subject, place), options)) yield { ...proof, id, place }
    }
  }
}
