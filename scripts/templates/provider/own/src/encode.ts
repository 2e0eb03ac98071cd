import { ChatError, type ChatRequest, type Message } from '@rivulet/core'
import { type EncodedRequest, extraFields, partsOf, textOfParts } from '@rivulet/core/provider'

/** TODO: the requests of __Name__. The order of the fields is fixed, because equal requests must be equal bytes. */
export function encode(request: ChatRequest): EncodedRequest {
  const { model, messages, stream = true, temperature } = request
  const body = { model, messages: messages.map(encodeMessage), stream, temperature }
  return { path: '/chat', body: { ...body, ...extraFields(request, '__name__') } }
}

/**
 * Reasoning of another model is left out. What else the dialect has no place for is refused, so that a group can ask its next
 * member. TODO: images, tools.
 */
function encodeMessage(message: Message): { role: string; content: string } {
  const parts = partsOf(message).filter(({ type }) => type !== 'reasoning')
  if (message.role === 'tool' || parts.some(({ type }) => type !== 'text')) {
    throw new ChatError('unsupported', 'text is all that it reads')
  }
  return { role: message.role, content: textOfParts(parts) }
}
