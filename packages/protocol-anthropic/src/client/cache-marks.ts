import type { CacheMark } from '@rivulet/core'
import type { Dropped } from '@rivulet/core/provider'

/** A tool, a system block or a content block, which may have a mark for the prompt cache. */
type Markable = Record<string, unknown>

/** The API refuses a request with more. @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-11-20) */
const MOST_MARKS = 4

/** Marks the last of the blocks. The mark of what is blank is named, because nothing is sent of that. */
export function cached<B extends Markable>(blocks: B[], cache: CacheMark | undefined, dropped: Dropped): B[] {
  const last = blocks.at(-1)
  if (last !== undefined) mark(last, cache)
  else if (cache) dropped.add('cache')
  return blocks
}

export function mark(block: Markable, cache: CacheMark | false | undefined): void {
  if (cache === undefined || cache === false) return
  block.cache_control = { type: 'ephemeral', ...(cache !== true && { ttl: cache }) }
}

/**
 * Holds the marks of a request to what the API takes: at most four, and none for an hour after one for five minutes. Kept are
 * the last mark on the tools and the last on the system prompt, which conversations share, and then the last ones of all:
 * each reads the longest prefix that the next request repeats. Whatever is left out or shortened is named.
 */
export function limitMarks(tools: Markable[], system: Markable[], content: Markable[], dropped: Dropped): void {
  const inContent = content.flatMap(withInner)
  const all = [...tools, ...system, ...inContent].filter(isMarked)
  const shared = [tools.findLast(isMarked), system.findLast(isMarked)].filter((block) => block !== undefined)
  const last = all.filter((block) => !shared.includes(block)).slice(shared.length - MOST_MARKS)
  let isShort = false
  for (const block of all) {
    if (!shared.includes(block) && !last.includes(block)) {
      delete block.cache_control
      dropped.add('cache')
      continue
    }
    const isHour = (block.cache_control as Markable).ttl === '1h'
    if (isHour && isShort) {
      mark(block, '5m')
      dropped.add("cache: '1h' sent as '5m'")
    }
    isShort ||= !isHour
  }
}

/** A block and the blocks inside it, in their order. */
const withInner = (block: Markable): Markable[] => [
  ...(block.type === 'tool_result' && Array.isArray(block.content) ? (block.content as Markable[]) : []),
  block,
]

const isMarked = ({ cache_control: given }: Markable): boolean => typeof given === 'object' && given !== null
