import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame, Framing } from '../../src/protocol.ts'
import { sseFraming } from '../../src/framing/sse.ts'
import { bytesOf, cut, dataOf, framesOf, type ReadFrame, sizes, textOfBytes } from '../support/frames.ts'

/** The events that another implementation of the standard reads from the whole stream, with a blank line after the last event. */
function byTheStandard(bytes: Uint8Array): ReadFrame[] {
  const seen: ReadFrame[] = []
  const parser = createParser({ onEvent: ({ event, data }) => seen.push({ event, data }) })
  parser.feed(`${textOfBytes(bytes)}\n\n`)
  return seen
}

const word = fc.string({
  unit: fc.constantFrom('a', ' ', ':', 'data', 'é', '漢', '🌊', '\uFEFF', '{"', '\0'),
  maxLength: 6,
})
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('data: ', 'data:', 'data:  '), word).map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.constantFrom('data', 'dat', 'dataset: x', 'Data: x', ' data: x', 'data : x') },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('event: ', 'event:', 'event', 'eventual: '), word).map((p) => p.join('')),
  },
  { weight: 2, arbitrary: fc.constantFrom(': ping', ':', 'id: 7', 'id', 'retry: 10', 'retry: x', 'unknown: y') },
  { weight: 1, arbitrary: word },
  { weight: 4, arbitrary: fc.constant('') },
)
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n', '\r\n', '\r')
const stream = fc
  .tuple(fc.constantFrom('', '', '\uFEFF', '\uFEFF\uFEFF'), fc.array(fc.tuple(line, lineEnd), { maxLength: 24 }), line)
  .map(([bom, lines, last]) => bytesOf(bom + lines.flat().join('') + last))

/** The law of row 16, for any implementation of the framing. */
const agreesWithTheStandard = (framing: Framing) =>
  fc.property(stream, sizes, (bytes, pieces) => {
    expect(framesOf(framing, cut(bytes, pieces))).toEqual(byTheStandard(bytes))
  })

test.each([
  ...neighbours('data').map((field) => [`${field}: x`]),
  ...neighbours('data:').map((field) => [`${field} x`]),
  ...neighbours('event').map((field) => [`${field}: x`]),
])('a field that is nearly another is unknown: %s', (unknown) => {
  const expected: ReadFrame[] = [
    { event: 'a', data: 'long enough' },
    { event: undefined, data: 'y' },
  ]
  // The line before is longer, so that its bytes may still be in a buffer.
  const body = bytesOf(`event: a\ndata: long enough\n\n${unknown}\ndata: y\n\n${unknown}`)
  for (const pieces of [[100_000], [1], [5], [7]]) expect(framesOf(sseFraming(), cut(body, pieces))).toEqual(expected)
})

/** All words with one letter changed, and the word with a letter less and a letter more. */
function neighbours(word: string): string[] {
  const changed = Array.from(word, (_, at) => `${word.slice(0, at)}o${word.slice(at + 1)}`)
  return [...changed, word.slice(0, -1), `${word}o`].filter((other) => !other.startsWith('data:'))
}

test('each event has its own name, repeated, changed or absent', () => {
  const long = 'n'.repeat(300)
  const names = ['a', 'a', 'b', 'a', '', '', 'ab', 'a', ' a', long, long, `${long.slice(0, 299)}m`, 'a', undefined, 'a']
  const lines = names.map((name) => (name === undefined ? 'data: x\n\n' : `event: ${name}\ndata: x\n\n`))
  for (const pieces of [[], [1], [7]]) {
    const seen = framesOf(sseFraming(), cut(bytesOf(`${lines.join('')}event\ndata: x\n\n`), pieces)).map(
      ({ event }) => event,
    )
    // A name is cut at a limit.
    expect(seen).toEqual([...names.map((name) => (name === '' ? undefined : name?.slice(0, 249))), undefined])
  }
})

test('the one difference: a last event without its blank line is delivered', () => {
  const body = 'data: one\n\ndata: two\ndata: more'
  const seen: string[] = []
  createParser({ onEvent: ({ data }) => seen.push(data) }).feed(body)
  expect(seen).toEqual(['one'])
  expect(dataOf(sseFraming(), [bytesOf(body)])).toEqual(['one', 'two\nmore'])
})

test.each<[string, string, ReadFrame[]]>([
  ['data lines are joined by LF', 'data: a\ndata: b\n\n', [{ event: undefined, data: 'a\nb' }]],
  [
    'the data of a cut line survives the next cut line',
    'data: abcde\nevent: xyz\n\n',
    [{ event: 'xyz', data: 'abcde' }],
  ],
  ['only the first space belongs to the field', 'data:  a\n\n', [{ event: undefined, data: ' a' }]],
  ['data without a colon is an empty data line', 'data\ndata\n\n', [{ event: undefined, data: '\n' }]],
  ['empty data is an event', 'data:\n\n', [{ event: undefined, data: '' }]],
  ['an event type without data is not an event', 'event: ping\n\ndata: a\n\n', [{ event: undefined, data: 'a' }]],
  [
    'an event type applies to its own event only',
    'event: x\ndata: a\n\ndata: b\n\n',
    [
      { event: 'x', data: 'a' },
      { event: undefined, data: 'b' },
    ],
  ],
  ['a comment inside an event does not split it', 'data: a\n: ping\ndata: b\n\n', [{ event: undefined, data: 'a\nb' }]],
  ['a BOM inside the body is text', 'data: \uFEFFa\n\n', [{ event: undefined, data: '\uFEFFa' }]],
  ['a body of a BOM alone is empty', '\uFEFF', []],
])('%s', (_name, body, expected) => {
  expect(framesOf(sseFraming(), [bytesOf(body)])).toEqual(expected)
  for (let size = 1; size < 16; size++) expect(framesOf(sseFraming(), cut(bytesOf(body), [size]))).toEqual(expected)
})

test('a stream may have any number of names', () => {
  const names = Array.from({ length: 300 }, (_, index) => `name-${index}`)
  const body = names.map((name) => `event: ${name}\ndata: x\n\n`).join('')
  expect(framesOf(sseFraming(), [bytesOf(body)]).map(({ event }) => event)).toEqual(names)
})

test.each<[string, string, ReadFrame[]]>([
  ['JSON', '{"error":"x"}\n', [{ event: undefined, data: '{"error":"x"}' }]],
  ['a list', '[1]\n', [{ event: undefined, data: '[1]' }]],
  ['HTML, without the end of its line', '<p>', [{ event: undefined, data: '<p>' }]],
  [
    'JSON between events, with their blank lines',
    'event: a\ndata: 1\n\n{"b":2}\n\nevent: c\ndata: 3\n\n',
    [
      { event: 'a', data: '1' },
      { event: undefined, data: '{"b":2}' },
      { event: 'c', data: '3' },
    ],
  ],
  [
    'JSON in an event, which ends before it',
    'event: a\ndata: 1\ndata: 2\n{"b":2}\ndata: 3\n\n',
    [
      { event: 'a', data: '1\n2' },
      { event: undefined, data: '{"b":2}' },
      { event: undefined, data: '3' },
    ],
  ],
  ['other fields, which are passed over', '(x\n; x\nz{\n: {\n {\n\\\n]\n}\n>\n', []],
])('bare lines are messages where that is wanted: %s', (_name, body, expected) => {
  for (const pieces of [[100_000], [1], [3], [7]]) {
    expect(framesOf(sseFraming({ bareLines: true }), cut(bytesOf(body), pieces))).toEqual(expected)
    const standard = body.replaceAll(/^[{[<].*$/gm, ': passed over')
    expect(framesOf(sseFraming(), cut(bytesOf(body), pieces))).toEqual(byTheStandard(bytesOf(standard)))
  }
})

test('an event of one line within one chunk is a range of that chunk, without a copy', () => {
  const chunk = bytesOf('data: one\n\nevent: x\r\ndata: two\r\n\r\n')
  const buffers: Uint8Array[] = []
  sseFraming()({ push: (frame: Frame) => buffers.push(frame.buffer), end: () => undefined }).push(chunk)
  expect(buffers).toHaveLength(2)
  for (const buffer of buffers) expect(buffer).toBe(chunk)
})

test('reads any stream as the standard says, however cut', () => {
  fc.assert(agreesWithTheStandard(sseFraming()), { numRuns: 1_500 })
})

test('the law notices a framing that reads each chunk separately', () => {
  const forgetful: Framing = (out) => ({
    push(chunk) {
      for (const { data } of framesOf(sseFraming(), [chunk])) out.push(frameOf(data))
    },
    end() {
      out.end()
    },
  })
  expect(() => {
    fc.assert(agreesWithTheStandard(forgetful), { numRuns: 1_500 })
  }).toThrow()
})

test('the law notices a framing that reads the LF of a split CRLF as an empty line', () => {
  const naive: Framing = (out) => {
    const inner = sseFraming()(out)
    return {
      push: (chunk) => {
        inner.push(Buffer.from(chunk.map((byte) => (byte === 13 ? 10 : byte))))
      },
      end: () => {
        inner.end()
      },
    }
  }
  expect(() => {
    fc.assert(agreesWithTheStandard(naive), { numRuns: 1_500 })
  }).toThrow()
})

function frameOf(data: string): Frame {
  const buffer = bytesOf(data)
  return { event: undefined, buffer, start: 0, end: buffer.length, text: () => data }
}

test('a bare line of JSON or HTML is a message of its own, where it is asked for', () => {
  const lines = [
    'data: a',
    '',
    '{"error":1}',
    '[1]',
    'event: b',
    'data: b',
    '<p>',
    'data: c',
    '',
    'error: d',
    '{"e',
    '',
  ]
  for (const end of ['\n', '\r\n', '\r']) {
    const bytes = bytesOf(lines.join(end))
    for (const pieces of [[], [1], [3]]) {
      const read = (bareLines: boolean): ReadFrame[] => framesOf(sseFraming({ bareLines }), cut(bytes, pieces))
      expect(read(true)).toEqual([
        { event: undefined, data: 'a' },
        { event: undefined, data: '{"error":1}' },
        { event: undefined, data: '[1]' },
        { event: 'b', data: 'b' },
        { event: undefined, data: '<p>' },
        { event: undefined, data: 'c' },
        { event: undefined, data: '{"e' },
      ])
      expect(read(false)).toEqual([
        { event: undefined, data: 'a' },
        { event: 'b', data: 'b\nc' },
      ])
    }
  }
})
