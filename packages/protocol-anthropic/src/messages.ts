import {
  type DecodedEvent,
  type Decoder,
  detectFraming,
  Dropped,
  type Protocol,
  unwrapTextCalls,
} from '@rivulet/core/provider'
import { MessagesDecoder } from './client/decode-answer.ts'
import { encode, type MessagesOptions } from './client/encode-request.ts'
import { readError } from './client/errors.ts'
import { passNative } from './client/pass-native.ts'
import { DIALECT } from './dialect.ts'

/**
 * The Anthropic Messages dialect, client half: streamed answers and answers in one piece; text, thoughts with their signatures,
 * tool calls and the blocks of the vendor's own tools in the order of the turn; usage with cache counts; errors before or during
 * an answer. A request that came in this dialect passes as it came.
 *
 * Facts of 2026-11-20.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 * @example
 * httpProvider({ id: 'acme', info, baseUrl: 'https://api.acme.example', protocol: messages({ provider: 'acme' }) })
 */
export function messages(options: MessagesOptions = {}): Protocol {
  const { path = '/v1/messages', provider = 'anthropic' } = options
  return {
    dialect: DIALECT,
    open(request) {
      const dropped = new Dropped()
      const { native } = request
      const decode = (emit: (event: DecodedEvent) => void): Decoder =>
        new MessagesDecoder(unwrapTextCalls(request.tools, emit))
      if (native?.dialect === DIALECT) {
        const author = { provider, model: request.model }
        return { http: passNative(request, native, path, author, dropped), dropped: dropped.names, decode }
      }
      for (const name of native?.unnamed ?? []) dropped.add(name)
      return { http: encode(request, options, dropped), dropped: dropped.names, decode }
    },
    framing: (contentType) => detectFraming(contentType),
    decodeError: readError,
  }
}
