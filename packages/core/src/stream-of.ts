import { ignoreRejection } from './async/quietly.ts'
import type { ChatEvent, ChatRequest } from './chat.ts'
import { ChatError } from './errors.ts'
import type { CallOptions, Provider } from './provider.ts'
import { failedStream, isStream } from './stream.ts'

/**
 * Calls `stream()` of a provider that may be anybody's, for authors of layers and groups. Its failure is that of the stream,
 * also when it throws at the call, or gives a promise or anything else that is not a stream.
 *
 * @throws TypeError that the provider throws at the call: the caller's mistake.
 * @example
 * const patient: Layer = (next) => wrap(next, { stream: (request, call) => streamOf(next, request, { ...call, raw: true }) })
 */
export function streamOf(
  provider: Provider,
  request: ChatRequest,
  options: CallOptions | undefined,
): AsyncIterable<ChatEvent> {
  try {
    const stream: unknown = provider.stream(request, options)
    // Its events are checked when they are read.
    if (isStream<ChatEvent>(stream)) return stream
    // An async function gives a promise, whose failure must not end the process.
    ignoreRejection(stream)
  } catch (error) {
    if (error instanceof TypeError) throw error
    return failedStream(options?.signal, error)
  }
  const { id } = provider
  return failedStream(
    options?.signal,
    new ChatError('malformed', `${id}: its stream() gave no stream`, { provider: id }),
  )
}
