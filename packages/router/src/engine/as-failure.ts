import { ChatError, type ErrorCode, partialOf } from '@rivulet/core'
import { CODES, isRecord } from '@rivulet/core/provider'

/** How much of an error's words goes into the message of another one. */
const MAX_WORDS = 500

/**
 * What came out of a member, as a failure of the member's: its `ChatError`; `network` for an error of a connection, also as
 * `fetch` throws it; `malformed` for anything else. What was thrown is the `cause`.
 */
export function asFailure(provider: string, thrown: unknown): ChatError {
  try {
    // Errors are recognized across copies of core, and another copy may have other codes.
    if (thrown instanceof ChatError && Object.hasOwn(CODES, thrown.code)) return thrown
    return failure(isNetworkError(thrown) ? 'network' : 'malformed', provider, wordsOf(thrown), thrown)
  } catch {
    return failure('malformed', provider, 'it threw something that can’t be read', thrown)
  }
}

/** A member can't take the request, and another one is asked. */
export const asRefusal = (provider: string, refusal: TypeError): ChatError =>
  new ChatError('unsupported', refusal.message, { provider, cause: refusal })

function failure(code: ErrorCode, provider: string, words: string, cause: unknown): ChatError {
  return new ChatError(code, `${provider}: ${words}`, { provider, cause, partial: partialOf(cause) })
}

/** How the `fetch` of Node, Chromium, Firefox, Safari, Deno and Bun says that there was no answer, or that it broke off. */
const FETCH_FAILED =
  /^(fetch failed|failed to fetch|network ?error|load failed|terminated|error sending request|unable to connect)/i

/** The codes of Node's sockets, its DNS and its TLS, and of undici. */
const NETWORK_CODE = /^(E(AI_|CONN|HOST|NET|ADDR|PIPE|TIMEDOUT|NOTFOUND)|UND_ERR_|ERR_TLS|ERR_SSL|CERT_)/

function isNetworkError(thrown: unknown): boolean {
  return chainOf(thrown).some(
    (error) =>
      (error instanceof TypeError && FETCH_FAILED.test(error.message)) ||
      (typeof error.code === 'string' && NETWORK_CODE.test(error.code)),
  )
}

/** The messages of an error and its causes: `fetch failed` alone does not help. */
function wordsOf(thrown: unknown): string {
  const messages = chainOf(thrown).map(({ message }) => (typeof message === 'string' ? message : ''))
  const words = isRecord(thrown) ? [...new Set(messages)].filter((each) => each !== '').join(': ') : String(thrown)
  if (words === '') return 'it threw an error without a message'
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words
}

/** An error and its causes, at most four. */
function chainOf(thrown: unknown): Record<string, unknown>[] {
  const chain: Record<string, unknown>[] = []
  for (let error = thrown; isRecord(error) && chain.length < 4; error = error.cause) chain.push(error)
  return chain
}
