import type { Endpoint } from './endpoint.ts'
import { ChatError } from '../errors.ts'
import { redact, redactCut, secretsOf } from './redact.ts'

/** The longest words of an endpoint in a message. */
const MAX_WORDS_CHARACTERS = 1_000
/** How much of a body that is no answer stands in the message. */
const EXCERPT_CHARACTERS = 200

/**
 * A failure with who failed and without secrets, with how the body began where that helps. What is no `ChatError` is a
 * mistake in a decoder, and is left as it is.
 */
export function withProvider(endpoint: Endpoint, error: unknown, bodyHead = ''): unknown {
  if (!(error instanceof ChatError)) return error
  const secrets = secretsOf(endpoint)
  // Cut behind the redaction: a secret that a cut parts would not be found.
  const words = redact(error.message, secrets).slice(0, MAX_WORDS_CHARACTERS)
  const began = Array.from(redactCut(bodyHead, secrets)).slice(0, EXCERPT_CHARACTERS).join('')
  const message = `${endpoint.id}: ${words}${began === '' ? '' : `. It begins: ${began}`}`
  const { status, retryAfterMs, cause } = error
  return new ChatError(error.code, printable(message), { provider: endpoint.id, status, retryAfterMs, cause })
}

/** What an endpoint says stands in messages that people read in a terminal: it must not steer it. */
const printable = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
