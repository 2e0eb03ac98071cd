import { decoded, type Decoded } from '@rivulet/testkit'
import { gemini } from '../../src/index.ts'

const dialect = gemini()

/** Reads a body, whole or in chunks, as the loop over bytes does. */
export const read = (body: string | readonly Uint8Array[], contentType = 'text/event-stream'): Decoded =>
  decoded(body, dialect.framing(contentType), (emit) => dialect.decode(emit))

/** The document of an answer with these parts. */
export const answer = (parts: readonly object[], finishReason = 'STOP', more: object = {}): string =>
  JSON.stringify({
    candidates: [{ content: { role: 'model', parts }, finishReason, ...more }],
    modelVersion: 'acme-1',
    responseId: 'r1',
  })
