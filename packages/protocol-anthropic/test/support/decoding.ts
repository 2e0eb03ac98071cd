import type { ChatEvent } from '@rivulet/core'
import type { DecodedEvent, Opened } from '@rivulet/core/provider'
import { decoded, type Decoded } from '@rivulet/testkit'
import { messages } from '../../src/index.ts'

const dialect = messages()
export type Decode = Opened['decode']

const decodeAnswer: Decode = (emit) =>
  dialect.open({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] }).decode(emit)

/** Reads a body, whole or in chunks, as the loop over bytes does. */
export const read = (
  body: string | readonly Uint8Array[],
  contentType = 'text/event-stream',
  decode: Decode = decodeAnswer,
): Decoded => decoded(body, dialect.framing(contentType), decode)

/** One byte at a time, so that every character is cut. */
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
export const stop = (stop_reason: unknown, usage: object = { output_tokens: 5 }) => ({
  type: 'message_delta',
  delta: { stop_reason, stop_sequence: null },
  usage,
})
export const done = { type: 'message_stop' }

/** As the decoder emits it: `httpProvider()` adds the provider. */
export const started: DecodedEvent = { type: 'start', model: 'claude-opus-5-5', id: 'msg_1' }

export const text = (words: string): DecodedEvent => ({ type: 'text', text: words })
export const thought = (words: string, proof: object = {}): DecodedEvent => ({
  type: 'reasoning',
  text: words,
  ...proof,
})
export const call = (id: string, name: string): DecodedEvent => ({ type: 'tool-call', id, name })
export const input = (id: string, json: string): DecodedEvent => ({ type: 'tool-input', id, text: json })
export const finish = (reason: Extract<DecodedEvent, { type: 'finish' }>['reason'] = 'stop'): DecodedEvent => ({
  type: 'finish',
  reason,
})

/** Decoded events as those of a provider. */
export const asChat = (events: readonly DecodedEvent[]): ChatEvent[] =>
  events.map((event) => (event.type === 'start' ? { ...event, provider: 'p', model: event.model ?? '' } : event))

/** A block that only this dialect has a word for. */
export const native = (value: Record<string, unknown>): DecodedEvent => ({
  type: 'native',
  dialect: 'anthropic-messages',
  value,
})

export const tool = (id: unknown = 't1', given: unknown = {}, name: unknown = 'f') => ({
  type: 'tool_use',
  id,
  name,
  input: given,
})
/** A piece of the arguments of the call at `index`. */
export const piece = (partial_json: unknown, index: unknown = 0) => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'input_json_delta', partial_json },
})

/** The events of an answer, without its start and its usage. */
export const eventsOf = (...messages: Parameters<typeof sse>): DecodedEvent[] =>
  read(sse(start({}), ...messages)).events.slice(1)

/** Why an answer fails, and the events before that. */
export function failureOf(...messages: Parameters<typeof sse>): object {
  const { events, failure } = read(sse(start({}), ...messages))
  return { ...failure, events: events.slice(1) }
}
