import { describe, expect, test } from 'vitest'
import { detectFraming } from '../../src/framing/detect.ts'
import { bytesOf, cut, dataOf } from '../support/frames.ts'

const sseTypes = ['text/event-stream', 'text/plain', 'application/octet-stream', '']
const jsonTypes = ['application/json', 'application/problem+json']
const lineTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines-jsonl']
const everyType = [...sseTypes, ...jsonTypes, ...lineTypes]

const pretty = '{\n  "a": 1\n}\n'
const array = '[\n  {"a": 1}\n]'

/** The messages of a body, which must be the same whole and byte by byte. */
function readBoth(contentType: string, body: string): string[] {
  const whole = dataOf(detectFraming(contentType), [bytesOf(body)])
  expect(dataOf(detectFraming(contentType), cut(bytesOf(body), [1]))).toEqual(whole)
  return whole
}

describe.each(everyType)('with content type "%s"', (contentType) => {
  test('a body on one line is one message', () => {
    expect(readBoth(contentType, '{"a":1}')).toEqual(['{"a":1}'])
    expect(readBoth(contentType, '[{"a":1}]')).toEqual(['[{"a":1}]'])
  })

  test('each value on a line of its own is a message', () => {
    expect(readBoth(contentType, '{"a":1}\n{"a":2}\n')).toEqual(['{"a":1}', '{"a":2}'])
    expect(readBoth(contentType, '\r\n{"a":1}\r\n\r\n{"a":2}')).toHaveLength(2)
  })

  test('an empty body has no message', () => {
    expect(readBoth(contentType, '')).toEqual([])
  })
})

describe.each([...sseTypes, ...jsonTypes])('with content type "%s"', (contentType) => {
  test('server-sent events are recognized by their beginning', () => {
    expect(readBoth(contentType, 'data: {"a":1}\n\ndata: END\n\n')).toEqual(['{"a":1}', 'END'])
    expect(readBoth(contentType, ': ping\n\nevent: x\ndata: {"a":1}\n\n')).toEqual(['{"a":1}'])
    expect(readBoth(contentType, '\uFEFFdata: {"a":1}\n\n')).toEqual(['{"a":1}'])
    expect(readBoth(contentType, '\n\n\ndata: {"a":1}\n\n')).toEqual(['{"a":1}'])
  })

  test('a document of several lines is one message', () => {
    expect(readBoth(contentType, pretty).map((body) => JSON.parse(body) as unknown)).toEqual([{ a: 1 }])
    expect(readBoth(contentType, array).map((body) => JSON.parse(body) as unknown)).toEqual([[{ a: 1 }]])
    expect(readBoth(contentType, `\uFEFF${pretty}`).map((body) => JSON.parse(body) as unknown)).toEqual([{ a: 1 }])
  })

  test.each([' ', '\t', '\n', '\r', '\r\n \t'])('white space before a body says nothing about it: %j', (space) => {
    expect(readBoth(contentType, space + pretty).map((body) => JSON.parse(body) as unknown)).toEqual([{ a: 1 }])
    expect(readBoth(contentType, `${space}{"a":1}\n{"a":2}\n`)).toHaveLength(2)
  })
})

test.each(lineTypes)('with content type "%s", every line is a message, whatever it contains', (contentType) => {
  expect(readBoth(contentType, pretty)).toEqual(['{', '  "a": 1', '}'])
  expect(readBoth(contentType, '"a"\n"b"\n')).toEqual(['"a"', '"b"'])
})

test('server-sent events are delivered as they arrive, before the end of the body', () => {
  const seen: string[] = []
  const sink = detectFraming('application/json')({ push: (frame) => seen.push(frame.text()), end: () => undefined })
  sink.push(bytesOf('data: 1\n\n'))
  expect(seen).toEqual(['1'])
})

test('JSON lines are delivered as they arrive, even without a content type that says so', () => {
  const seen: string[] = []
  const sink = detectFraming('')({ push: (frame) => seen.push(frame.text()), end: () => undefined })
  sink.push(bytesOf('{"a":'))
  expect(seen).toEqual([])
  sink.push(bytesOf('1}\n'))
  expect(seen).toEqual(['{"a":1}'])
})

test.each([
  ['text/event-stream', 'data: '],
  ['application/json', '{"a": "'],
  ['application/x-ndjson', '{"a": "'],
])('a message over the limit is malformed: %s', (contentType, beginning) => {
  const body = cut(bytesOf(beginning + 'x'.repeat(5_000)), [512])
  expect(() => dataOf(detectFraming(contentType, { maxFrameBytes: 1_000 }), body)).toThrow(
    expect.objectContaining({ code: 'malformed' }),
  )
})

test('a message may have 16 MiB', () => {
  const read = (length: number): unknown => dataOf(detectFraming(''), [bytesOf('{'), bytesOf(' '.repeat(length - 1))])
  expect(read(16_777_216)).toHaveLength(1)
  expect(() => read(16_777_217)).toThrow(expect.objectContaining({ code: 'malformed' }))
})

test.each(['data: {"a":1}\n\n', '{"a":1}\n{"a":2}\n'])(
  'the chunk that decides is read in place, without a copy',
  (body) => {
    const chunk = bytesOf(body)
    const buffers: Uint8Array[] = []
    const decoder = detectFraming('')({
      push: ({ buffer }) => {
        buffers.push(buffer)
      },
      end: () => undefined,
    })
    decoder.push(chunk)
    expect(buffers.length).toBeGreaterThan(0)
    for (const buffer of buffers) expect(buffer).toBe(chunk)
  },
)
