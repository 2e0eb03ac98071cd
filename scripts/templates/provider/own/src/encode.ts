import type { ChatRequest } from '@rivulet/core'
import type { EncodedRequest } from '@rivulet/core/provider'

/** TODO: how __Name__ spells a request. The fields stand in a fixed order: equal requests give equal bytes. */
export function encode({ model, messages, stream = true, temperature, extra }: ChatRequest): EncodedRequest {
  const turns = messages.map(({ role, content }) => ({ role, content }))
  return { path: '/chat', body: { model, messages: turns, stream, temperature, ...extra } }
}
