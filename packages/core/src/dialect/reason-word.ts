import type { ErrorCode } from '../error-codes.ts'
import { ChatError } from '../errors.ts'
import { shown } from '../check/suggest.ts'

/** What servers write in place of a reason, in each chunk until the last. */
const NONE = /^(|null|none|undefined|finish_reason_unspecified)$/
/** Reasons that say that the answer failed. The first match wins. */
const FAILURES: readonly [RegExp, ErrorCode][] = [
  [/malformed_|unexpected_tool_call|too_many_tool_calls|missing_thought_signature|tool_use_failed/, 'malformed'],
  [/^(abort(ed)?|cancell?ed)$|(^|_)(error|fail(ed|ure)?)$/, 'overloaded'],
]

/**
 * The reason why an answer ended, as a word to look up in a dialect's table: in lower case, up to a colon. `undefined` for
 * what is no reason: servers send `''`, `"null"` or `FINISH_REASON_UNSPECIFIED` in every chunk, also in one that breaks off.
 *
 * @param explanation What the endpoint says about the reason, for the message of a failure.
 * @throws ChatError retryable, for a reason that means that the answer failed.
 * @example
 * reasonWord('MAX_TOKENS') // 'max_tokens'
 */
export function reasonWord(received: unknown, explanation?: unknown): string | undefined {
  if (typeof received !== 'string') return undefined
  const word = received.trim().toLowerCase()
  if (NONE.test(word)) return undefined
  const code = FAILURES.find(([pattern]) => pattern.test(word))?.[1]
  if (code !== undefined) {
    const why = typeof explanation === 'string' && explanation !== '' ? `: ${explanation}` : ''
    throw new ChatError(code, `the endpoint ended the answer with ${shown(received)}${why}`)
  }
  return word.split(':', 1)[0]?.trimEnd()
}
