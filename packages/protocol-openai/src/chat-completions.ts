import { detectFraming, type Protocol } from '@rivulet/core/provider'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { readError } from './error.ts'
import type { ChatQuirks } from './quirks.ts'

/**
 * The OpenAI chat-completions dialect, client half: streamed answers and answers in one piece, text, refusals, thoughts,
 * tool calls, usage, error bodies. In what an endpoint differs, its quirks say.
 *
 * @see https://platform.openai.com/docs/api-reference/chat (2026-11-20)
 * @example
 * httpProvider({ id: 'acme', info, baseUrl: 'https://api.acme.example/v1', protocol: chatCompletions() })
 */
export function chatCompletions(quirks: ChatQuirks = {}): Protocol {
  return {
    encode: (request) => encode(request, quirks),
    framing: (contentType) => detectFraming(contentType),
    decode: (emit) => decode(emit, quirks),
    decodeError: (status, body) => readError(status, body, quirks.errors),
  }
}
