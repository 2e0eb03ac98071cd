import { ChatError } from '../errors.ts'
import { redactedCause } from './redacted-cause.ts'
import { redact, redactCut } from './redact.ts'

/** The longest part of a message that an endpoint may fill. */
const MAX_MESSAGE_CHARACTERS = 1_000
/** How much of a malformed body goes into the message. */
const EXCERPT_CHARACTERS = 200

/**
 * Adds to a failure the provider's id and, if given, the beginning of the body; redacts the secrets. Anything but a
 * `ChatError` is a bug in a decoder and is returned unchanged.
 */
export function withProvider(id: string, error: unknown, secrets: readonly string[], bodyHead = ''): unknown {
  if (!(error instanceof ChatError)) return error
  // Redact before cutting: a secret that is cut in two would not be found.
  const reason = redact(error.message, secrets).slice(0, MAX_MESSAGE_CHARACTERS)
  const excerpt = Array.from(redactCut(bodyHead, secrets)).slice(0, EXCERPT_CHARACTERS).join('')
  const message = `${id}: ${reason}${excerpt === '' ? '' : `. The body begins: ${excerpt}`}`
  const { status, retryAfterMs } = error
  const cause = redactedCause(error.cause, secrets)
  return new ChatError(error.code, printable(message), { provider: id, status, retryAfterMs, cause })
}

/** Replaces control characters: an endpoint's text reaches messages that people read in a terminal, and must not control it. */
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
