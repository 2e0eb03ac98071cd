import { detectFraming, type Protocol } from '@rivulet/core/provider'
import { decode } from './decode.ts'
import { encode, type MessagesOptions } from './encode.ts'
import { readError } from './errors.ts'

export { answerEncoder, type AnswerEncoder, type AnswerOptions } from './answer.ts'
export { decode } from './decode.ts'
export { decodeRequest } from './decode-request.ts'
export { encode, type MessagesOptions } from './encode.ts'
export { encodeAnswer } from './answer.ts'
export { encodeError } from './errors.ts'
export { type MessagesModel, type ThinkingStyle } from './thinking.ts'

/**
 * The Anthropic Messages dialect, client half: streamed answers and answers in one piece, text, thoughts with their
 * signatures, tool calls, usage with what the cache did, errors also behind the beginning of an answer.
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
