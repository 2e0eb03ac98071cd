import fc from 'fast-check'
import type { PieceOfText } from '../../src/framing/envelope.ts'
import { isRecord } from '../../src/check/is-record.ts'
import { FrameView } from '../../src/framing/frame-view.ts'

/** The interface of an envelope, so that the tests can try flawed ones. */
export interface EnvelopeReader {
  textOf(frame: FrameView): string | undefined
  learn(json: string, message: unknown): unknown
}

/** The smallest dialect: `{"say":{"text":"…"}}`, optionally with `"noise"`, and any other fields. */
export function pieceOf(message: unknown): PieceOfText | undefined {
  if (!isRecord(message) || !isRecord(message.say) || typeof message.say.text !== 'string') return undefined
  return { text: message.say.text, ...(typeof message.noise === 'string' && { noise: [message.noise] }) }
}

/** Texts that are risky to cut out by position: field names, syntax, escapes, the empty text. */
const texts = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', ' the', 'é', '🌊', '') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('text', 'say', 'word 0 of the message', 'null', '0', '   ', '}', '},{', ']'),
  },
  { weight: 3, arbitrary: fc.constantFrom('"', '\\', '\n', '":"', '"}', '"}}', '{"', '"text":"', '\\u0022') },
  { weight: 1, arbitrary: fc.constantFrom('\u2028', '\u007f', '\ud83c') },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
)

const escaped = (json: string): string =>
  json.replaceAll(/[a-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Texts as JSON, some with every letter escaped. */
const jsonTexts = fc
  .tuple(
    texts.map((text) => JSON.stringify(text)),
    fc.constantFrom(false, false, false, true),
  )
  .map(([json, escapes]) => (escapes && !json.includes('\\') ? escaped(json) : json))

/** Messages with `@` for the text, wherever it occurs, and `#` for the noise. */
const templates = fc.constantFrom(
  '{"id":1,"say":{"text":@}}',
  '{"id":1,"say":{"text":@}}',
  '{"id":1,"say":{"text":@},"noise":#}',
  '{"noise":#,"say":{"text":@},"id":1}',
  '{"noise": #, "say": {"text": @}}',
  '{"noise":#,"say":{"text":@},"noise":#}',
  '{"noise":@,"say":{"text":@}}',
  '{"noise":"text","say":{"text":@},"echo":"text"}',
  '{"id":2,"say":{"text":@}}',
  '{"say":{"text":@},"id":1}',
  '{"say":{"text": @ } }',
  '{"say":{"text":@},"padding":"   "}',
  '{"say":{"text":"x","text":@}}',
  '{"say":{"text":@,"text":"x"}}',
  '{"say":{"text":@},"say":{"text":"x"}}',
  '{"echo":@,"say":{"text":@},"again":@}',
  '{"say":{"text":@},"echo":@}',
  '{"say":{"text":"a"},"echo":@}',
  '{"say":{"text":"b","more":{"text":@}}}',
  '{"say":[{"text":@}]}',
  '{"say":{"text":@}',
  '\u00a0{"id":1,"say":{"text":@}}',
  '@',
)

/** Messages in runs of one envelope, which the fast path needs, some with spaces before the last brace. */
export const runs: fc.Arbitrary<string[]> = fc
  .array(
    fc
      .tuple(templates, fc.array(fc.tuple(jsonTexts, jsonTexts, fc.nat(3)), { minLength: 1, maxLength: 6 }))
      .map(([template, pieces]) =>
        pieces.map(([json, noise, pad]) =>
          template.replaceAll(/[@#]/g, (hole) => (hole === '@' ? json : noise)).replace(/\}$/, `${' '.repeat(pad)}}`),
        ),
      ),
    { maxLength: 8 },
  )
  .map((some) => some.flat())

/** A byte of a message that is replaced, deleted or inserted. */
export type Change = readonly [message: number, at: number, deleted: 0 | 1, inserted: readonly number[]]

export const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat(),
    fc.constantFrom<0 | 1>(0, 1),
    fc.array(fc.oneof(fc.nat(255), fc.constantFrom(32, 34, 92, 44, 123, 125, 10)), { maxLength: 1 }),
  ),
  { maxLength: 4 },
)

/** The messages as bytes, with the changes applied. */
export function withChanges(messages: readonly string[], changes: readonly Change[]): Uint8Array[] {
  const all = messages.map((message) => [...Buffer.from(message)])
  for (const [message, at, deleted, inserted] of changes) {
    const bytes = all[message % Math.max(1, all.length)]
    bytes?.splice(at % (bytes.length + 1), deleted, ...inserted)
  }
  return all.map((bytes) => Uint8Array.from(bytes))
}

/** A frame in the middle of a buffer; a `Uint8Array` that is not a `Buffer`, as in a browser, unless `isBuffer`. */
export function frameOf(bytes: Uint8Array, isBuffer = true): FrameView {
  const frame = new FrameView()
  const neighbours = Buffer.concat([Buffer.from(' {"'), bytes, Buffer.from('"} ')])
  frame.buffer = isBuffer ? neighbours : new Uint8Array(neighbours)
  frame.start = 3
  frame.end = 3 + bytes.length
  return frame
}

/** The value of a JSON text; `undefined` for invalid JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
