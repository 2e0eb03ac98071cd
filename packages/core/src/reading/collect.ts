import type { AssistantMessage, ChatEvent, ChatResult } from '../chat.ts'
import { ChatError } from '../errors.ts'
import { batchesOf, eachEvent } from '../stream.ts'
import { Collector } from './collector.ts'

/**
 * Reads a stream to its end and returns the whole answer. There is no separate "generate" call, not even for endpoints that
 * answer in one piece.
 *
 * @throws what the stream throws; a `ChatError` has the partial answer as `partial`.
 * @example
 * const { text } = await collect(lockchat().stream({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }))
 */
export async function collect(stream: AsyncIterable<ChatEvent>): Promise<ChatResult> {
  const collector = new Collector()
  const batches = batchesOf(stream)
  try {
    for (let read = await batches.next(); read.done !== true; read = await batches.next()) {
      collector.addAll(read.value)
    }
  } finally {
    // A foreign stream that missed a deadline continues until it is closed.
    batches.close()
  }
  return collector.result()
}

/**
 * Gives the text of an answer, piece by piece.
 *
 * @throws what the stream throws; also a `ChatError` when a group restarts the answer (`onBreak: 'restart'`), because delivered
 * text can't be taken back: read the events instead.
 * @example
 * for await (const text of textOf(provider.stream(request))) process.stdout.write(text)
 */
export function textOf(stream: AsyncIterable<ChatEvent>): AsyncIterableIterator<string, undefined> {
  return eachEvent(batchesOf(stream), (event) => {
    if (event.type === 'text') return event.text
    if (event.type === 'restart') throw restartError(event)
    return undefined
  })
}

export type Restart = Extract<ChatEvent, { type: 'restart' }>

/** The failure of a reader that has delivered text when the answer starts over. */
export function restartError({ from, reason, message }: Restart): ChatError {
  const words = `${from} failed (${message}) and the answer starts over, but a part of its text has been delivered: read the events, or snapshots() of chat().`
  return new ChatError(reason, words, { provider: from })
}

/**
 * Turns an answer into a message, to send back with the next request. Nothing but text is a string. Its `origin` says who wrote it, so that what only
 * that model understands is sent to no other.
 *
 * @example
 * const result = await collect(provider.stream({ model: 'gpt-4', messages: history }))
 * history.push(toMessage(result), { role: 'user', content: 'Go on.' })
 */
export function toMessage({ content, text, provider, model }: ChatResult): AssistantMessage {
  const isPlain = content.length < 2 && content.every((part) => part.type === 'text' && part.signature === undefined)
  return { role: 'assistant', content: isPlain ? text : content, origin: { provider, model } }
}
