import { ChatError } from '../errors.ts'
import { redact, redactCut } from './redact.ts'

/** The longest words of an endpoint in a message. */
const MAX_WORDS_CHARACTERS = 1_000
/** How much of a body that is not an answer goes into the message. */
const EXCERPT_CHARACTERS = 200

/**
 * The failure with the provider that failed and without secrets, and with how the body began where that helps. Anything but
 * a `ChatError` is a bug in a decoder, and is left as it is.
 */
export function withProvider(id: string, error: unknown, secrets: readonly string[], bodyHead = ''): unknown {
  if (!(error instanceof ChatError)) return error
  // Cut after the redaction: a secret that a cut parts would not be found.
  const words = redact(error.message, secrets).slice(0, MAX_WORDS_CHARACTERS)
  const began = Array.from(redactCut(bodyHead, secrets)).slice(0, EXCERPT_CHARACTERS).join('')
  const message = `${id}: ${words}${began === '' ? '' : `. It begins: ${began}`}`
  const { status, retryAfterMs, cause } = error
  return new ChatError(error.code, printable(message), { provider: id, status, retryAfterMs, cause })
}

/** An endpoint's words go into messages that people read in a terminal: they must not steer it. */
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
