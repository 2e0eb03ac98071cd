import type { ChatRequest } from '@rivulet/core'
import type { EncodedRequest } from '@rivulet/core/provider'

/** TODO: the form of __Name__'s requests. The fields have a fixed order: equal requests give equal bytes. */
export function encode({ model, messages, stream = true, temperature, extra }: ChatRequest): EncodedRequest {
  const turns = messages.map(({ role, content }) => ({ role, content }))
  return { path: '/chat', body: { model, messages: turns, stream, temperature, ...extra } }
}
