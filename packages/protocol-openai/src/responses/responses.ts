import type { Protocol } from '@rivulet/core'
import { inHalves } from '../halves.ts'
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
  return inHalves(
    (request) => encode(request, options),
    async () => (await import('./reading.ts')).reading(options),
  )
}
