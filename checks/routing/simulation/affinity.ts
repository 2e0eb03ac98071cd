import { CACHE_GROUPS, type CacheOutcome, conversations } from './caches.ts'
import { spreadOf } from './homes.ts'
import { percent, seconds } from './table.ts'

const SESSIONS = 100_000
const CONVERSATIONS = 2000

/** Where conversations live, for a terminal. */
export async function affinity(seed: number): Promise<string> {
  const lines = ['\nAffinity: where conversations live.']
  const say = (name: string, words: string): void => void lines.push(`  ${name.padEnd(46)}  ${words}`)
  for (const members of [2, 4, 16]) {
    const { counts, sigmas, moved, movedElsewhere, movedSigmas } = spreadOf(members, SESSIONS)
    say(
      `100,000 sessions, ${members} members`,
      `${Math.min(...counts)} to ${Math.max(...counts)} each, ${sigmas.toFixed(1)} σ at most`,
    )
    say(
      '  another joins: sessions that move',
      `${percent(moved / SESSIONS)} (1/${members + 1}, ${movedSigmas.toFixed(1)} σ), ${movedElsewhere} of them to another one`,
    )
  }
  for (const [name, group] of Object.entries(CACHE_GROUPS)) {
    const run = { group, sessions: CONVERSATIONS, seed }
    const calm = await conversations({ ...run, outageMs: 0 })
    say(`2,000 conversations, four members, ${name}`, figures(calm))
    if (calm.homes > 0) say('  homes of a conversation', `${calm.homes} at most`)
    if (!name.startsWith('by affinity')) continue
    for (const minutes of [1, 5, 15]) {
      const hit = await conversations({ ...run, outageMs: minutes * 60_000 })
      const lost = calm.hits - hit.hits
      say(`  one member down for ${minutes} min`, `${lost} hits lost (${percent(lost / calm.hits)}), ${figures(hit)}`)
    }
  }
  return lines.join('\n')
}

const figures = ({ answered, calls, hits, later, p50, p95, requests }: CacheOutcome): string =>
  [
    `${percent(answered / calls)} answered`,
    `${percent(hits / later)} cache hits`,
    `p50 ${seconds(p50)}`,
    `p95 ${seconds(p95)}`,
    `${(requests / calls).toFixed(3)} requests/call`,
  ].join(', ')
