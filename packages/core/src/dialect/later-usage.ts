import type { Usage } from '../chat.ts'

/**
 * The usage of an answer that has given one before. The later counts hold, but a server that has counted does not take it
 * back: zero stands for what it did not count this time.
 *
 * @example
 * laterUsage({ inputTokens: 9, outputTokens: 2, source: 'reported' }, { inputTokens: 0, outputTokens: 5, source: 'reported' })
 * // { inputTokens: 9, outputTokens: 5, source: 'reported' }
 */
export function laterUsage(before: Usage | undefined, later: Usage | undefined): Usage | undefined {
  if (before === undefined || later === undefined) return later ?? before
  return {
    ...before,
    ...later,
    inputTokens: later.inputTokens || before.inputTokens,
    outputTokens: later.outputTokens || before.outputTokens,
  }
}
