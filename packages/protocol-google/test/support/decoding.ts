import type { DecodedEvent, Decoder } from '@rivulet/core/provider'
import { decoded, type Decoded } from '@rivulet/testkit'
import { gemini } from '../../src/index.ts'

const dialect = gemini()
const asked = { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] } as const
/** The decoder of an answer. */
export const decoder = (emit: (event: DecodedEvent) => void): Decoder => dialect.open(asked).decode(emit)

/** Reads a body, whole or in chunks, as the loop over bytes does. */
export const read = (body: string | readonly Uint8Array[], contentType = 'text/event-stream'): Decoded =>
  decoded(body, dialect.framing(contentType), decoder)

/** The document of an answer with these parts. */
export const answer = (parts: readonly object[], finishReason = 'STOP', more: object = {}): string =>
  JSON.stringify({
    candidates: [{ content: { role: 'model', parts }, finishReason, ...more }],
    modelVersion: 'acme-1',
    responseId: 'r1',
  })

/** One chunk of a stream: text or other parts, a reason, and further fields. */
export interface Chunk {
  text?: string
  parts?: readonly object[]
  reason?: unknown
  candidate?: object
  more?: object
}

export const chunk = ({ text, parts, reason, candidate, more }: Chunk): string => {
  const said = parts ?? (text === undefined ? undefined : [{ text }])
  const first = {
    ...(said !== undefined && { content: { role: 'model', parts: said } }),
    ...(reason !== undefined && { finishReason: reason }),
    ...candidate,
  }
  return `data: ${JSON.stringify({ candidates: [first], responseId: 'R1', ...more })}\r\n\r\n`
}
export const sse = (...chunks: Chunk[]): string => chunks.map(chunk).join('')
/** The text of an answer. */
export const textOf = (body: string): string =>
  read(body)
    .events.map((event) => (event.type === 'text' ? event.text : ''))
    .join('')
/** The reason of an answer that does not fail. */
export function reasonOf(body: string): unknown {
  const last = read(body).events.at(-1)
  return last?.type === 'finish' ? last.reason : undefined
}
export const call = (id: unknown, name: unknown = 'f', args: unknown = { x: 1 }) => ({
  functionCall: { id, name, args },
})
