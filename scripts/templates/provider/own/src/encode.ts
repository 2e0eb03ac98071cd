import type { ChatRequest } from '@rivulet/core'
import type { EncodedRequest } from '@rivulet/core/provider'

/** TODO: the requests of __Name__. The order of the fields is fixed, because equal requests must be equal bytes. */
export function encode({ model, messages, stream = true, temperature, extra }: ChatRequest): EncodedRequest {
  const turns = messages.map(({ role, content }) => ({ role, content }))
  return { path: '/chat', body: { model, messages: turns, stream, temperature, ...extra } }
}
