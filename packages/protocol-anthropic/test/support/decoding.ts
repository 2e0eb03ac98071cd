import { ChatError, type ChatEvent, type DecodedEvent } from '@rivulet/core'
import { decode as dialect, messages } from '../../src/index.ts'

export type Decode = typeof dialect

/** What reading a body gives: events, and the failure that ended it. */
export interface Outcome {
  events: DecodedEvent[]
  failure?: { code: string; message: string }
}

/** Reads a body as `httpProvider()` does: nothing is pushed behind a `finish`. */
export function read(
  body: string | readonly Uint8Array[],
  contentType = 'text/event-stream',
  decode: Decode = dialect,
): Outcome {
  const events: DecodedEvent[] = []
  const hasEnded = (): boolean => events.at(-1)?.type === 'finish'
  const sink = messages().framing(contentType)(
    decode((event) => {
      if (!hasEnded()) events.push(event)
    }),
  )
  try {
    for (const chunk of typeof body === 'string' ? [Buffer.from(body)] : body) if (!hasEnded()) sink.push(chunk)
    if (!hasEnded()) sink.end()
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    if (!hasEnded()) return { events, failure: { code: error.code, message: error.message } }
  }
  return { events }
}

/** One byte at a time, which is every way to cut. */
export const byteByByte = (text: string): Uint8Array[] => Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte))

/** Messages as an event stream. */
export const sse = (...all: (Record<string, unknown> & { type: string })[]): string =>
  all.map((message) => `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`).join('')

export const start = (usage: object = { input_tokens: 9, output_tokens: 1 }) => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-5-5',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  },
})
export const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
export const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields })
export const say = (text: string, index = 0) => delta(index, { type: 'text_delta', text })
export const end = (index: number) => ({ type: 'content_block_stop', index })
export const stop = (stop_reason: string, usage: object = { output_tokens: 5 }) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  usage,
})
export const done = { type: 'message_stop' }

/** As the decoder gives it: who answers is said by `httpProvider()`. */
export const started: DecodedEvent = { type: 'start', model: 'claude-opus-5-5', id: 'msg_1' }

/** Decoded events as a provider's. */
export const asChat = (events: readonly DecodedEvent[]): ChatEvent[] =>
  events.map((event) => (event.type === 'start' ? { provider: 'p', model: '', ...event } : event))
