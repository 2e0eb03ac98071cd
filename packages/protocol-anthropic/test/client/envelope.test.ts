import { anyText } from '../../../../scripts/any-text.ts'
import type { Decoded } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { block, delta, done, read, say, sse, start, stop } from '../support/decoding.ts'

/**
 * The oracle: the same stream with insignificant white space before each message. No learnt envelope begins like that, so
 * every frame is parsed in full.
 */
const spaced = (sent: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(sent)
      .toString('latin1')
      .replaceAll(/^data: /gm, 'data:  '),
    'latin1',
  )

/** The law: the fast path reads what the full parse reads. */
const expectSame = (sent: Uint8Array, size = 1e6): void => {
  const pieces = Array.from({ length: Math.ceil(sent.length / size) }, (_, at) =>
    sent.subarray(at * size, (at + 1) * size),
  )
  expect(withoutSpaces(read(pieces))).toEqual(withoutSpaces(read([spaced(sent)])))
}
/** The message of an error event whose data is not JSON is that data, with the white space of the oracle. */
const withoutSpaces = ({ failure, ...answer }: Decoded): unknown => ({
  ...answer,
  ...(failure !== undefined && { failure: { ...failure, message: failure.message.replaceAll(' ', '') } }),
})
const sizes = fc.oneof(fc.constant(1e6), fc.integer({ min: 1, max: 60 }))

/** Another way to write the same string. */
const inEscapes = (text: string): string =>
  `"${text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`

const texts = fc
  .oneof(
    fc.constantFrom('a', ' the', '🌊', '', '0', '   ', '}', '"', '\\', '\n', '":"', '"}}', '"text":"', '},{'),
    fc.constantFrom('text_delta', 'thinking_delta', 'content_block_delta', 'word 0 of the message', ','),
    fc.string({ maxLength: 8 }),
    anyText({ maxLength: 8 }),
  )
  .chain((text) => fc.constantFrom(JSON.stringify(text), JSON.stringify(text), inEscapes(text)))

/** Messages of this dialect. `@` is the text, wherever it occurs. */
const messages = fc.constantFrom(
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":@}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":@}   }',
  '{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":@}}',
  '{"type":"content_block_delta","index":0,"delta":{"text":@,"type":"text_delta"}}',
  '{"delta":{"type":"text_delta","text":@},"index":0,"type":"content_block_delta"}',
  '{"delta":{"type":"text_delta","text":@},"type":"content_block_delta","padding":"   "   }',
  '{"type":"content_block_delta","delta":{"type":"text_delta","text":@},"delta":{"type":"text_delta","text":"x"}}',
  '{"echo":@,"type":"content_block_delta","delta":{"type":"text_delta","text":@},"again":@}',
  '{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": @}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":@},"note":"a:","b":"c: ","d":0}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":@},"error":@}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":@}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","text":@}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":@}}',
  '{"type":"content_block_delta","index":7,"delta":{"type":"input_json_delta","partial_json":@}}',
  '{"type":"content_block_delta","index":8,"delta":{"type":"input_json_delta","partial_json":@}}',
  '{"type":"content_block_delta","index":7,"delta":{"type":"input_json_delta","partial_json":@,"text":@}}',
  '{"type":"content_block_delta","index":7,"delta":{"type":@,"partial_json":"x","text":"y"}}',
  '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":@}}',
  '{"type":"content_block_start","index":7,"content_block":{"type":"tool_use","id":"t","name":@,"input":{}}}',
  '{"type":"content_block_start","index":8,"content_block":{"type":"tool_use","id":"u","name":@,"input":{}}}',
  '{"type":"message_delta","delta":{"stop_reason":@},"usage":{"output_tokens":3}}',
  '{"type":"error","error":{"type":"overloaded_error","message":@}}',
)
const events = fc.constantFrom('', '', '', 'event: content_block_delta\n', 'event: error\n')

/** Streams in runs of one kind of message, because those take the fast path. */
const streams = fc
  .array(
    fc
      .tuple(messages, events, fc.array(texts, { minLength: 1, maxLength: 6 }))
      .map(([message, event, some]) =>
        some.map((text) => `${event}data: ${message.replaceAll('@', () => text)}\n\n`).join(''),
      ),
    { maxLength: 8 },
  )
  .map((runs) => Buffer.from(`${sse(start())}${runs.join('')}${sse(stop('end_turn'), done)}`))

describe('the fast path reads what the full parse reads', () => {
  test('in any stream, cut anywhere', () => {
    fc.assert(fc.property(streams, sizes, expectSame), { numRuns: 3_000 })
  })

  test('in any stream with a byte changed', () => {
    const changed = fc.tuple(streams, fc.nat(), fc.nat(255)).map(([sent, at, byte]) => {
      const bytes = Uint8Array.from(sent)
      bytes[at % bytes.length] = byte
      return bytes
    })
    fc.assert(fc.property(changed, sizes, expectSame), { numRuns: 3_000 })
  })
})

describe('the fast path is taken', () => {
  /** How many times a stream of these messages parses JSON of more than 40 characters. */
  const parses = (body: string): number => {
    const spy = vi.spyOn(JSON, 'parse')
    const { failure } = read(`${sse(start())}${body}${sse(stop('end_turn'), done)}`)
    const { length } = spy.mock.calls.filter(([json]) => json.length > 40)
    spy.mockRestore()
    expect(failure).toBeUndefined()
    return length
  }
  const many = (make: (at: number) => Parameters<typeof sse>[0]): string =>
    sse(...Array.from({ length: 2_000 }, (_, at) => make(at)))

  test('with any padding, and again in another block', () => {
    let pad = 0
    const padded = many((at) => say(` word ${at}`, at < 1_000 ? 0 : 2)).replaceAll(
      '}}\n\n',
      () => `}${' '.repeat(pad++ % 17)}}\n\n`,
    )
    expect(parses(padded)).toBeLessThan(20)
  })

  test('by thoughts and the text after them', () => {
    const thought = (at: number) => delta(0, { type: 'thinking_delta', thinking: ` step ${at}` })
    expect(parses(many((at) => (at < 1_000 ? thought(at) : say(` word ${at}`, 1))))).toBeLessThan(20)
  })

  test('by arguments, whose own JSON alone is parsed', () => {
    const tool = { type: 'tool_use', id: 't', name: 'f', input: {} }
    const piece = (at: number) =>
      delta(0, {
        type: 'input_json_delta',
        partial_json: `${at === 0 ? '{' : ','}"${at}":"x"${at === 1999 ? '}' : ''}`,
      })
    expect(parses(`${sse(block(0, tool))}${many(piece)}`)).toBeLessThan(20)
  })

  test('with the spaces that Python puts after colons', () => {
    const spaced = many((at) => say(` word ${at}`)).replaceAll(/":(?=["{\d])/g, '": ')
    expect(spaced).toContain('"text": " word 1999"')
    expect(parses(spaced)).toBeLessThan(20)
  })
})
