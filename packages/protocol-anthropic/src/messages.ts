import { detectFraming, type Protocol } from '@rivulet/core/provider'
import { decode } from './client/decode-answer.ts'
import { encode, type MessagesOptions } from './client/encode-request.ts'
import { readError } from './client/errors.ts'

/**
 * The Anthropic Messages dialect, client half: streamed answers and answers in one piece, text, thoughts with their
 * signatures, tool calls, usage with cache counts, and errors before or during an answer.
 *
 * Facts of 2026-11-20.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 * @example
 * httpProvider({ id: 'acme', info, baseUrl: 'https://api.acme.example', protocol: messages({ provider: 'acme' }) })
 */
export function messages(options: MessagesOptions = {}): Protocol {
  return {
    encode: (request) => encode(request, options),
    framing: (contentType) => detectFraming(contentType),
    decode,
    decodeError: readError,
  }
}
