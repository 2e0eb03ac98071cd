import { detectFraming, type Protocol } from '@rivulet/core/provider'
import { readError } from '../client/errors.ts'
import { decode } from './client/decode-answer.ts'
import { encode } from './client/encode-request.ts'
import { DIALECT } from './dialect.ts'
import type { ResponsesOptions } from './options.ts'

/**
 * The Responses dialect, client half. The endpoint stores nothing (`store: false`): each request carries the conversation
 * and the sealed thoughts of earlier turns. An answer is complete at `response.completed` or `response.incomplete`;
 * anything shorter is `truncated`.
 *
 * @see https://platform.openai.com/docs/api-reference/responses (2026-11-20)
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (2026-11-20)
 * @example
 * httpProvider({ id: 'openai', info, baseUrl: 'https://api.openai.com/v1', protocol: responses({ origin: 'openai' }) })
 */
export function responses(options: ResponsesOptions = {}): Protocol {
  return {
    dialect: DIALECT,
    open: (request) => ({
      ...encode(request, options),
      decode: (emit) => decode(emit, options.errors),
    }),
    framing: (contentType) => detectFraming(contentType),
    decodeError: (status, body) => readError(status, body, options.errors),
  }
}
