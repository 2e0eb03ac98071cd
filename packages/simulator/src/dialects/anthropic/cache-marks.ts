import { recordIn, recordsIn } from '../../fields.ts'
import { RequestError } from '../../request-error.ts'

type Fields = Record<string, unknown>

const MOST_MARKS = 4

/** What is marked for the prompt cache. */
export interface CacheMarks {
  readonly any: boolean
  /** The last mark keeps what is before it for an hour. */
  readonly forAnHour: boolean
}

/**
 * Refuses more marks than four, and a mark for an hour after one for five minutes, in the vendor's wording.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-11-20)
 */
export function cacheMarksOf({ tools, system, messages }: Fields): CacheMarks {
  const content = recordsIn(messages).flatMap((message) => recordsIn(message.content).flatMap(withInner))
  const marks = [...recordsIn(tools), ...recordsIn(system), ...content].flatMap(({ cache_control: control }) =>
    control === undefined || control === null ? [] : [recordIn(control).ttl ?? '5m'],
  )
  if (marks.length > MOST_MARKS) {
    refuse(`A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`)
  }
  if (marks.includes('5m') && marks.lastIndexOf('1h') > marks.indexOf('5m')) {
    refuse("a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block")
  }
  return { any: marks.length > 0, forAnHour: marks.at(-1) === '1h' }
}

const withInner = (block: Fields): Fields[] => [...recordsIn(block.content), block]

function refuse(message: string): never {
  throw new RequestError(400, 'wrong_value', message, { param: 'cache_control', isVerbatim: true })
}
