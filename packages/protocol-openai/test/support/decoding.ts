import { type DecodedEvent, detectFraming, type Frame, type Sink } from '@rivulet/core/provider'
import { decoded, type Decoded } from '@rivulet/testkit'
import { decode } from '../../src/client/decode-answer.ts'

export { chunk, cutOff, done, finish, message, say, start, stream, text } from './chunks.ts'

export type Decode = (emit: (event: DecodedEvent) => void) => Sink<Frame>

/** Reads a body, whole or in chunks, as the loop over bytes does. */
export const read = (
  body: string | readonly Uint8Array[],
  contentType = 'text/event-stream',
  dialect: Decode = decode,
): Decoded => decoded(body, detectFraming(contentType), dialect)

/** The events without `start` and `finish`. */
export const contentOf = ({ events }: Decoded): DecodedEvent[] =>
  events.filter(({ type }) => type !== 'start' && type !== 'finish')
