import type { Message } from '../messages.ts'
import { tokenCount } from './tokens.ts'

/** Input token counts by simple rules, so that a test can compute them. */

const imageTokens = 256

/** Tokens of a conversation: one for every 4 bytes, 4 for each message, 256 for each image, and 3 more. */
export function inputTokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content, images = 0 }) => sum + 4 + tokenCount(content) + images * imageTokens, 3)
}

/**
 * Tokens that a prompt cache would hold: everything before the last assistant turn, which the request for that turn has
 * already sent. Caches start at 1,024 tokens and grow in steps of 128.
 */
export function cachedTokensOf(messages: readonly Message[]): number {
  const before = messages.slice(
    0,
    Math.max(
      0,
      messages.findLastIndex(({ role }) => role === 'assistant'),
    ),
  )
  const tokens = before.length === 0 ? 0 : inputTokensOf(before)
  return tokens < 1024 ? 0 : Math.floor(tokens / 128) * 128
}
