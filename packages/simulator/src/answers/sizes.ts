import type { Message } from '../messages.ts'
import { tokenCount } from './tokens.ts'

/** Counting of what was sent: plain rules, so that a test can do the sums. */

const imageTokens = 256

/** Tokens of a conversation: 4 bytes each, 4 more for each message, 256 for each image, 3 for the whole. */
export function sizeOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content, images = 0 }) => sum + 4 + tokenCount(content) + images * imageTokens, 3)
}

/**
 * How much of it a cache would hold: everything up to the last turn of the assistant was sent before, at the latest when
 * that turn was asked for. Caches begin at 1,024 tokens and go in steps of 128.
 */
export function cachedOf(messages: readonly Message[]): number {
  const before = messages.slice(
    0,
    Math.max(
      0,
      messages.findLastIndex(({ role }) => role === 'assistant'),
    ),
  )
  const tokens = before.length === 0 ? 0 : sizeOf(before)
  return tokens < 1024 ? 0 : Math.floor(tokens / 128) * 128
}
