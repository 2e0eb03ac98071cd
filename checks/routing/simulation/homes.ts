import type { Provider } from '@rivulet/core'
import { failedStream } from '@rivulet/core/provider'
import { balance } from '@rivulet/router'

/** One for all: a stack trace costs more than a choice. */
const NEVER_READ = new Error('never read')

/** The member that is asked first for each of so many sessions. */
function homesIn(ids: readonly string[], sessions: number): string[] {
  const homes: string[] = []
  const members = ids.map((id): Provider => ({
    id,
    info: { name: id, url: '', auth: 'none', streaming: true, models: [], settings: [] },
    stream: (_, call) => {
      homes.push(id)
      return failedStream(call?.signal, NEVER_READ)
    },
  }))
  const group = balance(members, { by: 'affinity' })
  for (let index = 0; index < sessions; index++) {
    // A stream sends nothing before its first read, but its member is chosen at the call.
    group.stream({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], session: `session-${index}` })
  }
  return homes
}

/** How many standard deviations a count is from the mean of its binomial distribution. */
const sigmasFrom = (count: number, of: number, chance: number): number =>
  Math.abs(count - of * chance) / Math.sqrt(of * chance * (1 - chance))

export interface Spread {
  sessions: number
  members: number
  /** Sessions of each member. */
  counts: number[]
  /** Of the member that is farthest from its share. */
  sigmas: number
  /** Sessions that move when one more member joins, and of these, how many to another one than that. */
  moved: number
  movedElsewhere: number
  movedSigmas: number
}

/** How sessions are spread over members, and what moves when another member joins. */
export function spreadOf(members: number, sessions: number): Spread {
  const ids = Array.from({ length: members }, (_, index) => `member-${index}`)
  const before = homesIn(ids, sessions)
  const after = homesIn(['joining', ...ids], sessions)
  const counts = ids.map((id) => before.filter((home) => home === id).length)
  const moved = after.filter((home, index) => home !== before[index])
  return {
    sessions,
    members,
    counts,
    sigmas: Math.max(...counts.map((count) => sigmasFrom(count, sessions, 1 / members))),
    moved: moved.length,
    movedElsewhere: moved.filter((home) => home !== 'joining').length,
    movedSigmas: sigmasFrom(moved.length, sessions, 1 / (members + 1)),
  }
}
