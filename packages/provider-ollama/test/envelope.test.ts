import { anyText } from '../../../scripts/any-text.ts'
import { detectFraming } from '@rivulet/core/provider'
import { decoded, type Decoded } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { decode } from '../src/decode.ts'

const read = (pieces: readonly Uint8Array[]): Decoded => decoded(pieces, detectFraming('application/x-ndjson'), decode)

/**
 * The oracle: the same stream with white space before each line, which means nothing. No envelope that was learnt begins so, and
 * every one is parsed in full.
 */
const inFull = (sent: Uint8Array): Uint8Array =>
  Buffer.from(` ${Buffer.from(sent).toString('latin1').replaceAll('\n', '\n ')}`, 'latin1')

/** The law: the fast path says what the full parse says. */
const expectSame = (sent: Uint8Array, size = 1e6): void => {
  const pieces = Array.from({ length: Math.ceil(sent.length / size) }, (_, at) =>
    sent.subarray(at * size, (at + 1) * size),
  )
  expect(read(pieces)).toEqual(read([inFull(sent)]))
}
const sizes = fc.oneof(fc.constant(1e6), fc.integer({ min: 1, max: 60 }))

/** Another way to write the same string. */
const inEscapes = (text: string): string =>
  `"${text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`

const texts = fc
  .oneof(
    fc.constantFrom('a', ' the', '🌊', '', '0', '   ', '}', '"', '\\', '\n', '":"', '"}}', '"content":"', '},{', ','),
    fc.constantFrom(
      'content',
      'thinking',
      'created_at',
      'assistant',
      'm',
      'word 0 of the message',
      'word 1 of the message',
    ),
    anyText({ maxLength: 8 }),
  )
  .chain((text) => fc.constantFrom(JSON.stringify(text), JSON.stringify(text), inEscapes(text)))

const times = fc.oneof(
  fc.nat(999_999_999).map((ns) => JSON.stringify(`2026-11-20T18:24:50.${ns}Z`)),
  fc.constantFrom(
    '""',
    '"m"',
    '"word 0 of the message"',
    '"word 1 of the message"',
    '"\\u0061"',
    '"\\","message":{"content":"x"},"done":true}"',
    '7',
    'null',
  ),
  texts,
)

/** Lines of this dialect. `@` is the text, `#` the time, wherever they are. */
const lines = fc.constantFrom(
  '{"model":"m","created_at":#,"message":{"role":"assistant","content":@},"done":false}',
  '{"model":"m","created_at":#,"message":{"role":"assistant","content":@},"done":false}',
  '{"model":"m","created_at":#,"message":{"role":"assistant","content":"","thinking":@},"done":false}',
  '{"model":"m","created_at":#,"message":{"role":"assistant","thinking":@,"content":""},"done":false}',
  '{"model":"m","created_at":#,"message":{"role":"assistant","content":"x","thinking":@},"done":false}',
  '{"model":"m","created_at":#,"message":{"role":"assistant","content":@,"thinking":"x"},"done":false}',
  '{"model": "m", "created_at": #, "message": {"role": "assistant", "content": @}, "done": false}',
  '{"model":"m","message":{"role":"assistant","content":@},"done":false}',
  '{"message":{"content":@},"created_at":#,"done":false}',
  '{"created_at":#,"created_at":"x","message":{"content":@}}',
  '{"a":{"created_at":#},"created_at":"x","message":{"content":@}}',
  '{"created_at":#,"message":{"content":"x","content":@}}',
  '{"created_at":#,"message":{"content":@},"message":{"content":"x"}}',
  '{"created_at":#,"message":{"content":@},"note":"a:","b":"c: ","d":#}',
  '{"model":@,"created_at":#,"message":{"content":@},"again":@}',
  '{"created_at":#,"message":{"content":@,"tool_calls":[{"function":{"name":"f","arguments":{"x":@}}}]}}',
  '{"created_at":#,"message":{"content":@,"tool_calls":[]}}',
  '{"created_at":#,"message":{"content":@},"done":true,"done_reason":"stop","prompt_eval_count":2,"eval_count":3}',
  '{"created_at":#,"message":{"content":@},"done":@}',
  '{"created_at":#,"message":{"content":"x"},"error":@}',
  '{"created_at":#,"message":{"content":@},"error":null}',
  '{"created_at":#,"echo":@}',
)

/** Streams in runs of one kind of line, because that is where the fast path is. */
const streams = fc
  .array(
    fc
      .tuple(
        lines,
        fc.constantFrom('\n', '\n', '\r\n'),
        fc.array(fc.tuple(texts, times), { minLength: 1, maxLength: 6 }),
      )
      .map(([line, end, some]) =>
        some
          .map(([text, time]) => `${line.replaceAll(/[@#]/g, (hole) => (hole === '@' ? text : time))}${end}`)
          .join(''),
      ),
    { maxLength: 8 },
  )
  .chain((runs) =>
    fc.constantFrom('', '{"message":{"content":""},"done":true}').map((end) => Buffer.from(runs.join('') + end)),
  )

describe('the fast path gives what the full parse gives', () => {
  test('of any stream, cut anywhere', () => {
    fc.assert(fc.property(streams, sizes, expectSame), { numRuns: 3_000 })
  })

  test('of any stream with bytes lost and inserted', () => {
    const spoilt = fc
      .tuple(streams, fc.nat(), fc.nat(2), fc.uint8Array({ maxLength: 2 }))
      .map(([sent, at, lost, put]) => {
        const from = at % (sent.length + 1)
        return Buffer.concat([sent.subarray(0, from), put, sent.subarray(from + lost)])
      })
    fc.assert(fc.property(spoilt, sizes, expectSame), { numRuns: 3_000 })
  })
})

describe('the fast path is taken', () => {
  /** How often JSON of more than a few letters is parsed to read a stream of these lines. */
  const parses = (make: (at: number) => string): number => {
    const body = Array.from({ length: 2_000 }, (_, at) => `${make(at)}\n`).join('')
    const spy = vi.spyOn(JSON, 'parse')
    const { failure } = read([Buffer.from(`${body}{"done":true}\n`)])
    const { length } = spy.mock.calls.filter(([json]) => json.length > 30)
    spy.mockRestore()
    expect(failure).toBeUndefined()
    return length
  }
  const line = (at: number, message: object): string =>
    JSON.stringify({ model: 'm', created_at: `2026-11-20T18:24:50.${at}Z`, message, done: false })

  test('whatever the time, by reasoning and the text after it', () => {
    const thought = (at: number): string => line(at, { role: 'assistant', content: '', thinking: ` step ${at}` })
    const word = (at: number): string => line(at, { role: 'assistant', content: ` word ${at}` })
    expect(parses((at) => (at < 1_000 ? thought(at) : word(at)))).toBeLessThan(20)
  })

  test('by texts with escapes, of which only the text itself is parsed', () => {
    expect(parses((at) => line(at, { role: 'assistant', content: `"word"\n${at}` }))).toBeLessThan(20)
  })

  test('of servers that send no time', () => {
    expect(parses((at) => JSON.stringify({ message: { content: ` word ${at}` } }))).toBeLessThan(20)
  })
})
