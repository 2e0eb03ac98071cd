import { anyText } from '../../../../scripts/any-text.ts'
import type { Decoded } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { read } from '../support/decoding.ts'

/**
 * The oracle: the same stream with insignificant white space before each chunk. No learnt chunk begins like that, so every
 * chunk is parsed in full.
 */
const inFull = (sent: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(sent)
      .toString('latin1')
      .replaceAll(/^data: /gm, 'data:  '),
    'latin1',
  )

/** An error in words, on more than one line of data, shows the white space of the oracle, too. */
const spaced = ({ events, failure }: Decoded): Decoded => ({
  events,
  ...(failure && { failure: { ...failure, message: failure.message.replaceAll(/\n\s*/g, '\n') } }),
})

/** The law: the fast path reads what the full parse reads. */
const expectSame = (sent: Uint8Array, size = 1e6): void => {
  const pieces = Array.from({ length: Math.ceil(sent.length / size) }, (_, at) =>
    sent.subarray(at * size, (at + 1) * size),
  )
  expect(spaced(read(pieces))).toEqual(spaced(read([inFull(sent)])))
}
const sizes = fc.oneof(fc.constant(1e6), fc.integer({ min: 1, max: 60 }))

/** Another way to write the same string. */
const inEscapes = (text: string): string =>
  `"${text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`

const texts = fc
  .oneof(
    fc.constantFrom('a', ' the', '🌊', '', '0', ' 12 ', '}', '"', '\\', '\n', '": "', '"}]', '"text": "', '},{', ','),
    fc.constantFrom('text', 'model', 'STOP', 'candidates', 'text of the message'),
    anyText({ maxLength: 8 }),
  )
  .chain((text) => fc.constantFrom(JSON.stringify(text), JSON.stringify(text), inEscapes(text)))

const counts = fc.oneof(
  { weight: 6, arbitrary: fc.nat(200).map(String) },
  fc.constantFrom(
    '0',
    '00',
    '007',
    '-1',
    '-0',
    '1.5',
    '1e3',
    '999999999999999',
    '9007199254740993',
    `1${'0'.repeat(400)}`,
  ),
  fc.constantFrom('"7"', 'null', '{}', ''),
)

const usage = '"usageMetadata": {"promptTokenCount": 9,"candidatesTokenCount": #,"totalTokenCount": #}'
const about = '"modelVersion": "gemini-3.8-flash","responseId": "a 12 b"'

/** Chunks of this dialect. `@` is the text, `#` a count, wherever they occur. */
const chunks = fc.constantFrom(
  `{"candidates": [{"content": {"parts": [{"text": @}],"role": "model"},"index": 0}],${usage},${about}}`,
  `{"candidates": [{"content": {"parts": [{"text": @}],"role": "model"},"index": 0}],${usage},${about}}`,
  `{"candidates":[{"content":{"parts":[{"text":@,"thought":true}]}}],"usageMetadata":{"thoughtsTokenCount":#}}`,
  `{"candidates":[{"content":{"parts":[{"thought":true,"text":@}]}}],"usageMetadata":{"cachedContentTokenCount":#}}`,
  '{"candidates": [{"content": {"parts": [{"text": @}],"role": "model"}}]}',
  '{"usageMetadata": {"promptTokenCount": #},"candidates": [{"content": {"parts": [{"text": @}]}}]}',
  '{"candidates": [{"content": {"parts": [{"text": "x"},{"text": @}]}}],"usageMetadata": {"promptTokenCount": #}}',
  '{"candidates": [{"content": {"parts": [{"text": @},{"text": "1"}]}}]}',
  '{"candidates": [{"content": {"parts": [{"text": @}]}},{"content": {"parts": [{"text": @}]}}],"n": #}',
  '{"candidates": [{"content": {"parts": [{"text": @,"thoughtSignature": @}]}}],"n": #}',
  '{"candidates": [{"content": {"parts": [{"text": @,"functionCall": {"name": "f","args": {"x": #}}}]}}]}',
  '{"candidates": [{"content": {"parts": [{"functionCall": {"name": "f","args": {"x": @}}}]}}]}',
  '{"candidates": [{"content": {"parts": [{"text": "x","text": @}]}}],"candidates": [{"n": #}]}',
  '{"candidates": [{"content": {"parts": [{"text": @}]}}],"usageMetadata": {"promptTokenCount": 1},"usageMetadata": #}',
  '{"candidates": [{"content": {"parts": [{"text": @}]}}],"note": "a:","b": "c: ","d": #}',
  `{"candidates": [{"content": {"parts": [{"text": @}]},"groundingMetadata": {"n": [1]}}],${usage}}`,
  `{"candidates": [{"content": {"parts": [{"text": @,"executableCode": {"code": "1"}}]}}],${usage}}`,
  `{"candidates": [{"content": {"parts": [{"text": @}]},"index": #}],${usage}}`,
  `{"candidates": [{"content": {"parts": [{"text": @}]},"index": #},{"index": 0}],${usage}}`,
  '{"candidates": [{"content": {"parts": [{"text": @}]},"avgLogprobs": -0.25,"tokenCount": #}]}',
  '{"echo": @,"candidates": [{"content": {"parts": [{"text": @}]}}],"again": @}',
  '{"candidates": [{"content": {"parts": [{"text": @}]}}],"promptFeedback": {"blockReason": #}}',
  '{"candidates": [{"content": {"parts": [{"text": @}]}}],"error": #}',
  `{"candidates": [{"content": {"parts": [{"text": @}]},"finishReason": "STOP"}],${usage}}`,
  `{"candidates": [{"content": {"parts": [{"text": @}]},"finishReason": #}],${usage}}`,
  `{${usage}}`,
  '{"error": {"code": #,"message": @}}',
)
const names = fc.constantFrom('', '', '', '', 'event: message\n', 'event: error\n')

/** Streams in runs of one kind of chunk, because those take the fast path. */
const streams = fc
  .array(
    fc
      .tuple(
        chunks,
        names,
        fc.constantFrom('\n\n', '\r\n\r\n'),
        fc.array(fc.tuple(texts, counts), { minLength: 1, maxLength: 6 }),
      )
      .map(([chunk, name, end, some]) =>
        some
          .map(
            ([text, count]) =>
              `${name}data: ${chunk.replaceAll(/[@#]/g, (hole) => (hole === '@' ? text : count))}${end}`,
          )
          .join(''),
      ),
    { maxLength: 8 },
  )
  .chain((runs) =>
    fc
      .constantFrom('', 'data: {"candidates": [{"finishReason": "STOP"}]}\n\n')
      .map((end) => Buffer.from(runs.join('') + end)),
  )

describe('the fast path reads what the full parse reads', () => {
  test('in any stream, cut anywhere', () => {
    fc.assert(fc.property(streams, sizes, expectSame), { numRuns: 4_000 })
  })

  test('in any stream with some bytes lost and others inserted', () => {
    const corrupted = fc
      .tuple(streams, fc.nat(), fc.nat(2), fc.uint8Array({ maxLength: 2 }))
      .map(([sent, at, lost, put]) => {
        const from = at % (sent.length + 1)
        return Buffer.concat([sent.subarray(0, from), put, sent.subarray(from + lost)])
      })
    fc.assert(fc.property(corrupted, sizes, expectSame), { numRuns: 4_000 })
  })
})

const said = (text: string, count: number, thought?: true): string => {
  const candidate = { content: { parts: [{ text, ...(thought && { thought }) }], role: 'model' }, index: 0 }
  const chunk = { candidates: [candidate], usageMetadata: { promptTokenCount: 9, candidatesTokenCount: count } }
  return `data: ${JSON.stringify(chunk)}\n\n`
}
const END = 'data: {"candidates":[{"finishReason":"STOP"}]}\n\n'

test.each([' word', '"word"\n'])('thoughts and the text after them take the fast path: %j', (word) => {
  const body = Array.from({ length: 2_000 }, (_, at) => said(`${word}${at}`, at, at < 1_000 || undefined)).join('')
  const spy = vi.spyOn(JSON, 'parse')
  const { failure } = read([Buffer.from(body + END)])
  // A text with escapes is parsed on its own.
  const { length } = spy.mock.calls.filter(([json]) => json.length > 30)
  spy.mockRestore()
  expect(failure).toBeUndefined()
  expect(length).toBeLessThan(20)
})

test('usage is that of the last chunk that has it, read in full or not', () => {
  const body = [1, 2, 3, 70].map((count) => said('a', count)).join('')
  expect(read([Buffer.from(body + END)]).events.at(-1)).toEqual({
    type: 'finish',
    reason: 'stop',
    usage: { inputTokens: 9, outputTokens: 70, source: 'reported' },
  })
})

test('counts that are not finite numbers are ignored', () => {
  const huge = said('a', 7)
    .replace('7', `1${'0'.repeat(400)}`)
    .replace(':9,', `:1${'0'.repeat(400)},`)
  const body = [said('a', 1), said('a', 2), said('a', 3), huge, END].join('')
  expectSame(Buffer.from(body))
  expect(read([Buffer.from(body)]).events.at(-1)).toMatchObject({ usage: { outputTokens: 3 } })
})

test('a chunk with a string of millions of characters is read', () => {
  const note = 'x'.repeat(12_000_000)
  const counts = { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, note } }
  const long = JSON.stringify({ candidates: [{ content: { parts: [{ text: 'a' }] } }], ...counts })
  const end = JSON.stringify({ candidates: [{ finishReason: 'STOP' }] })
  const { events } = read([Buffer.from(`data: ${long}\n\ndata: ${end}\n\n`)])
  expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'finish'])
})
