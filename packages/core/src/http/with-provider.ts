import { didYouMean } from '../check/suggest.ts'
import { ChatError } from '../errors.ts'
import type { Model } from '../provider.ts'
import { redactedCause } from './redacted-cause.ts'
import { redact, redactCut } from './redact.ts'

/** The longest part of a message that an endpoint may fill. */
const MAX_MESSAGE_CHARACTERS = 1_000
/** The same of a failure that is passed on: it may have the words of several attempts. */
const MAX_PASSED_CHARACTERS = 8_000
/** How much of a malformed body goes into the message. */
const EXCERPT_CHARACTERS = 200

/** What is known beside a failure, for its message. */
interface Beside {
  /** The beginning of a malformed body. */
  bodyHead?: string | undefined
  /** The model that was asked for, and those that the provider lists. */
  model?: string | undefined
  models?: readonly Model[] | undefined
}

/**
 * Adds to a failure the provider's id and what is known beside it; redacts the secrets. A failure that names its provider is one
 * that the endpoint passes on. Anything but a `ChatError` is a bug in a decoder and is returned unchanged.
 */
export function withProvider(id: string, error: unknown, secrets: readonly string[], beside: Beside = {}): unknown {
  return error instanceof ChatError ? named(id, error, secrets, beside) : error
}

function named(id: string, error: ChatError, secrets: readonly string[], beside: Beside = {}): ChatError {
  const { bodyHead = '', model = '', models = [] } = beside
  const { code, provider = id, status, retryAfterMs } = error
  const isOwn = error.provider === undefined
  // Redact before cutting: a secret that is cut in two would not be found.
  const reason = redact(error.message, secrets).slice(0, isOwn ? MAX_MESSAGE_CHARACTERS : MAX_PASSED_CHARACTERS)
  const excerpt = Array.from(redactCut(bodyHead, secrets)).slice(0, EXCERPT_CHARACTERS).join('')
  const words = excerpt === '' ? meantModel(error, model, models) : ` The body begins: ${excerpt}`
  const own = words === '' || /[.!?]$/.test(reason) ? words : `.${words}`
  const message = isOwn ? `${id}: ${reason}${own}` : reason
  const attempts = error.attempts?.map((attempt) => named(id, attempt, secrets))
  const cause = redactedCause(error.cause, secrets)
  return new ChatError(code, printable(message), { provider, status, retryAfterMs, attempts, cause })
}

/** The listed model that a name which the endpoint does not know most likely means. */
function meantModel({ code }: ChatError, model: string, models: readonly Model[]): string {
  const isUnknown = code === 'not-found' && !models.some(({ id }) => id === model)
  return isUnknown
    ? didYouMean(
        model,
        models.map(({ id }) => id),
      )
    : ''
}

/** Replaces control characters: an endpoint's text reaches messages that people read in a terminal, and must not control it. */
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
