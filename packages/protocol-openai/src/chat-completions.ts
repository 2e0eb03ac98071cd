import { detectFraming, type Protocol, unwrapTextCalls } from '@rivulet/core/provider'
import { decode } from './client/decode-answer.ts'
import { encode } from './client/encode-request.ts'
import { readError } from './client/errors.ts'
import { DIALECT } from './dialect.ts'
import type { ChatQuirks } from './quirks.ts'

/**
 * The OpenAI chat-completions dialect, client half: streamed answers and answers in one piece, text, refusals, thoughts,
 * tool calls, usage, error bodies. An endpoint that differs says so in its quirks.
 *
 * @see https://platform.openai.com/docs/api-reference/chat (2026-11-20)
 * @example
 * httpProvider({ id: 'acme', info, baseUrl: 'https://api.acme.example/v1', protocol: chatCompletions() })
 */
export function chatCompletions(quirks: ChatQuirks = {}): Protocol {
  return {
    dialect: DIALECT,
    open: (request) => ({
      ...encode(request, quirks),
      decode: (emit) => {
        const carried = quirks.customTools === true ? [] : (request.tools ?? []).filter((tool) => tool.type === 'text')
        return decode(unwrapTextCalls(carried, emit), quirks, carried)
      },
    }),
    framing: (contentType) => detectFraming(contentType),
    // Some servers leave out `[DONE]` and keep the connection open.
    endsAfterMs: 1_000,
    decodeError: (status, body) => readError(status, body, quirks.errors),
  }
}
