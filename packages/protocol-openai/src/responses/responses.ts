import { detectFraming, type Protocol } from '@rivulet/core/provider'
import { readError } from '../error.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import type { ResponsesOptions } from './options.ts'

/**
 * The Responses dialect, client half. Nothing is kept at the endpoint (`store: false`): the conversation goes with each
 * request, and so do the sealed thoughts of earlier turns. An answer is whole at `response.completed` or
 * `response.incomplete`; anything shorter is `truncated`.
 *
 * @see https://platform.openai.com/docs/api-reference/responses (2026-11-20)
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (2026-11-20)
 * @example
 * httpProvider({ id: 'openai', info, baseUrl: 'https://api.openai.com/v1', protocol: responses({ origin: 'openai' }) })
 */
export function responses(options: ResponsesOptions = {}): Protocol {
  return {
    encode: (request) => encode(request, options),
    framing: (contentType) => detectFraming(contentType),
    decode: (emit) => decode(emit, options.errors),
    decodeError: (status, body) => readError(status, body, options.errors),
  }
}
