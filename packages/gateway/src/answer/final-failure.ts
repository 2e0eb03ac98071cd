import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES, type ErrorAnswer } from '@rivulet/core/provider'
import type { ClientDialect } from '../dialects.ts'

/** Faults of the request itself: whoever asks again unchanged gets the same, from every member. Too long before all others. */
const OF_REQUEST: readonly ErrorCode[] = ['context-length', 'content-filter', 'bad-request']

/** Failures that somebody has to mend, in the order in which they are told. */
const OF_SETTING: readonly ErrorCode[] = ['quota', 'auth', 'not-found', 'unsupported']

/**
 * The failure that a client can act on, of all attempts of a group: a fault of its request, in the words of whoever said it; else
 * that asking again may help; else what has to be mended. An agent makes its conversation shorter on the first, and asks again on
 * the second.
 *
 * @param before The failures of members that were asked before the one whose failure this is.
 */
function finalFailure(error: ChatError, before: readonly ChatError[] = []): ChatError {
  const attempts = [...before, error].flatMap(attemptsOf)
  const first = (codes: readonly ErrorCode[]): ChatError | undefined =>
    codes.flatMap((code) => attempts.filter((attempt) => attempt.code === code))[0]
  const fault = first(OF_REQUEST)
  if (fault !== undefined || error.retryable) return fault ?? error
  return first(OF_SETTING) ?? error
}

/** Those of groups inside a group too; of an error without attempts, itself. */
const attemptsOf = (error: ChatError): readonly ChatError[] =>
  error.attempts === undefined || error.attempts.length === 0 ? [error] : error.attempts.flatMap(attemptsOf)

/**
 * What a client reads of a failure. An address inside this network stays inside it: where no connection came about, the code
 * alone is said.
 */
export function publicFailure(error: unknown, before: readonly ChatError[] = []): Error {
  // A bug says nothing to a stranger.
  if (!(error instanceof ChatError)) return new Error('the server failed')
  const failure = finalFailure(error, before)
  const { code, message, provider, retryAfterMs } = failure
  return new ChatError(code, isInside(failure) ? plainWords(failure) : message, { provider, retryAfterMs })
}

const MAX_NAMES = 8

function plainWords(failure: ChatError): string {
  const { provider = 'the provider', code, retryable } = failure
  const attempts = failure.attempts ?? []
  const names = attempts.slice(0, MAX_NAMES).map((attempt) => `${attempt.provider ?? 'a member'} (${attempt.code})`)
  const more = attempts.length > MAX_NAMES ? ` and ${attempts.length - MAX_NAMES} more` : ''
  const what =
    names.length === 0 ? `${provider}: no answer (${code})` : `no member answered: ${names.join(', ')}${more}`
  return `${what}. ${retryable ? 'Retry in a moment.' : CODES[code].help}`
}

/** Messages of the network name hosts, also in the lines of a group. */
const isInside = (error: ChatError): boolean =>
  error.code === 'network' || (error.code === 'malformed' && error.status === undefined) || error.code === 'exhausted'

/** Of a group, {@link finalFailure} leaves this code only where it does. */
const helpsToAskAgain = (code: ErrorCode): boolean => CODES[code].retryable || code === 'exhausted'

/** Without a wait, an agent asks again at once: one of them 30 times in 24 s (measured on 2026-11-20). */
const USUAL_WAIT_SECONDS = '5'

/**
 * A failure in the place of an answer, with the status that makes agents ask again only where that may help.
 *
 * @param client The id of the provider that has got the client's own credential.
 */
export function failureAnswer(
  failure: Error,
  dialect: ClientDialect,
  stated: ErrorAnswer,
  client?: string,
): ErrorAnswer {
  if (!(failure instanceof ChatError)) return stated
  const { code, provider } = failure
  // Its own, and it can mend it: an agent renews the token of a subscription on this status alone.
  if (code === 'auth' && provider !== undefined && provider === client) return { ...stated, status: 401 }
  return {
    ...stated,
    status: dialect.finalStatuses[code] ?? stated.status,
    headers: { ...(helpsToAskAgain(code) && { 'retry-after': USUAL_WAIT_SECONDS }), ...stated.headers },
  }
}
