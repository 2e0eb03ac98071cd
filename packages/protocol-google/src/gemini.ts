import { detectFraming, type Protocol, unwrapTextCalls } from '@rivulet/core/provider'
import { decode } from './client/decode-answer.ts'
import { encode, type GeminiOptions } from './client/encode-request.ts'
import { readError } from './client/errors.ts'
import { DIALECT } from './wire-part.ts'

/**
 * The Gemini dialect (`generateContent`, version `v1beta`), client half: streamed answers and answers in one piece, text,
 * thoughts, tool calls, their signatures, the API's own tools, usage, error bodies.
 *
 * Facts of 2026-11-20.
 *
 * @see https://ai.google.dev/api/generate-content
 * @example
 * httpProvider({ id: 'acme', info, baseUrl: 'https://api.acme.example', protocol: gemini({ provider: 'acme' }) })
 */
export function gemini(options: GeminiOptions = {}): Protocol {
  return {
    dialect: DIALECT,
    open: (request) => ({
      ...encode(request, options),
      decode: (emit) => decode(unwrapTextCalls(request.tools, emit)),
    }),
    framing: (contentType) => detectFraming(contentType),
    // A finishReason ends nothing, and there is no end mark: a silent connection has to be given up at some time.
    endsAfterMs: 'idleMs',
    decodeError: readError,
  }
}
