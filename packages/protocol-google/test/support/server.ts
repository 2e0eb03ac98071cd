import type { ChatEvent } from '@rivulet/core'
import type { AnswerWriter, IncomingCall, ServerCall } from '@rivulet/core/provider'
import { geminiServer, type GeminiServerOptions } from '../../src/index.ts'

export const MODEL = '/v1beta/models/acme-1'

/** A request of a client; the body is an object. */
export const ask = (
  body: object,
  { method = 'streamGenerateContent', ...call }: Partial<IncomingCall> & { method?: string } = {},
  options: GeminiServerOptions = {},
): ServerCall =>
  geminiServer(options).read({ path: `${MODEL}:${method}`, query: { alt: 'sse' }, body: JSON.stringify(body), ...call })

export const hello = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }
export const thinking = { ...hello, generationConfig: { thinkingConfig: { includeThoughts: true } } }

export const answerOf = (call: ServerCall): AnswerWriter => call.answer({ id: 'r1', created: 1, model: 'alias' })

/** Writes events one by one. */
export const written = (writer: AnswerWriter, events: readonly ChatEvent[]): string =>
  events.map((event) => writer.write([event])).join('')

/** The chunks of a stream of events. */
export const chunksOf = (body: string): unknown[] =>
  body
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => JSON.parse(event.slice('data: '.length)) as unknown)
