import { ChatError } from '@rivulet/core'
import type { DecodedEvent, Framing, Opened } from '@rivulet/core/provider'

/** What decoding a body gives: events, and the failure that ended it. */
export interface Decoded {
  events: DecodedEvent[]
  /** The code and message of the `ChatError`. Any other error is thrown. */
  failure?: { code: string; message: string } | undefined
}

/**
 * Decodes a body with a dialect's pure functions, up to its end, its first `finish` or its failure, as a provider does,
 * for tests without a socket. An array is pushed piece by piece.
 *
 * @example
 * const { events, failure } = decoded('data: [DONE]\n\n', sseFraming(), chatCompletions().open(request).decode)
 */
export function decoded(body: string | readonly Uint8Array[], framing: Framing, decode: Opened['decode']): Decoded {
  const events: DecodedEvent[] = []
  const hasEnded = (): boolean => events.at(-1)?.type === 'finish'
  const sink = framing(
    decode((event) => {
      if (!hasEnded()) events.push(event)
    }),
  )
  try {
    for (const piece of typeof body === 'string' ? [Buffer.from(body)] : body) if (!hasEnded()) sink.push(piece)
    if (!hasEnded()) sink.end()
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    if (!hasEnded()) return { events, failure: { code: error.code, message: error.message } }
  }
  return { events }
}
