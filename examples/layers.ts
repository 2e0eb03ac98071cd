/** Two layers: the first changes the request, the second the answer. */
import type { ChatEvent, Layer } from '@rivulet/core'
import { chatStream, mapBatches, wrap } from '@rivulet/core/provider'

/** Puts instructions before every conversation. */
export function instructed(content: string): Layer {
  return (next) =>
    wrap(next, {
      stream: (request, options) =>
        next.stream({ ...request, messages: [{ role: 'system', content }, ...request.messages] }, options),
    })
}

/** Adds a last line to every whole answer. */
export function signed(line: string): Layer {
  const sign = (event: ChatEvent): ChatEvent[] =>
    event.type === 'finish' && event.reason === 'stop' ? [{ type: 'text', text: line }, event] : [event]
  return (next) =>
    wrap(next, {
      stream(request, options) {
        // Here and not at the first read, so that a mistake in the request is a TypeError at the call.
        const answer = next.stream(request, options)
        return chatStream(options?.signal, () => mapBatches(answer, { batch: (events) => events.flatMap(sign) }))
      },
    })
}
