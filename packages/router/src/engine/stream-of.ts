import { type CallOptions, ChatError, type ChatEvent, type ChatRequest, type Provider } from '@rivulet/core'
import { ignoreRejection } from '@rivulet/core/provider'

/** What `stream()` of a member gives. @throws ChatError for anything but a stream, and what the member throws. */
export function streamOf(
  member: Provider,
  request: ChatRequest,
  options: CallOptions | undefined,
): AsyncIterable<ChatEvent> {
  const stream: unknown = member.stream(request, options)
  if (typeof stream === 'object' && stream !== null && Symbol.asyncIterator in stream) {
    // Its events are checked when they are read.
    return stream as AsyncIterable<ChatEvent>
  }
  // An async function gives a promise.
  ignoreRejection(stream)
  throw new ChatError('malformed', `${member.id}: its stream() gave no stream`, { provider: member.id })
}
