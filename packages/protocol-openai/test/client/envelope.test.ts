import { detectFraming } from '@rivulet/core/provider'
import { decoded, type Decoded } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { chatCompletions } from '../../src/index.ts'
import { done, say, stream } from '../support/chunks.ts'

const dialect = chatCompletions()
const read = (body: string | readonly Uint8Array[]): Decoded =>
  decoded(body, detectFraming('text/event-stream'), (emit) =>
    dialect.open({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }).decode(emit),
  )

/** The oracle: insignificant white space before each message, so that every frame is parsed in full. */
const inFull = (sent: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(sent)
      .toString('latin1')
      .replaceAll(/^data: /gm, 'data:  '),
    'latin1',
  )

/** An error quotes data as it came, and the oracle adds white space to it. */
const withoutSpace = ({ events, failure }: Decoded): unknown => ({
  events,
  code: failure?.code,
  message: failure?.message.replaceAll(/\s+/g, ''),
})

/** The law: the fast path reads what the full parse reads. */
const expectSame = (sent: Uint8Array, size = 1e6): void => {
  const pieces = Array.from({ length: Math.ceil(sent.length / size) }, (_, at) =>
    sent.subarray(at * size, (at + 1) * size),
  )
  expect(withoutSpace(read(pieces))).toEqual(withoutSpace(read([inFull(sent)])))
}
const sizes = fc.oneof(fc.constant(1e6), fc.integer({ min: 1, max: 60 }))

const contents = fc
  .oneof(
    fc.constantFrom('a', ' the', 'é', '', 'null', '"', '\\', '\n', '":"', '"}', '"content":"', ']', '},{', '\ud83c'),
    fc.constantFrom('c1', 'gpt-4', 'stop', 'assistant', 'word 0 of the message', 'word 1 of the message'),
    fc.string({ maxLength: 8 }),
  )
  .map((content) => JSON.stringify(content))

/** Chunks with a text. `@` is the text, wherever it occurs, and `#` is padding, or looks like it. */
const chunks = fc.constantFrom(
  '{"id":"c1","choices":[{"index":0,"delta":{"content":@},"finish_reason":null}],"usage":null,"obfuscation":#}',
  '{"id":"c1","choices":[{"index":0,"delta":{"content":@},"finish_reason":null}],"obfuscation":#}',
  '{"obfuscation":#,"choices":[{"delta":{"content":@}}]}',
  '{"obfuscation":@,"choices":[{"delta":{"content":@}}]}',
  '{"obfuscation":#,"choices":[{"delta":{"content":@}}],"obfuscation":#}',
  '{"choices":[{"delta":{"content":@},"obfuscation":#}]}',
  '{"choices":[{"delta":{"content":@,"reasoning":#}}]}',
  '{"id":"c1","model":"gpt-4","choices":[{"index":0,"delta":{"content":@},"finish_reason":null}]}',
  '{"id":"c1","model":"gpt-4","choices":[{"index":0,"delta":{"content":@},"finish_reason":null}]}',
  '{"id":"c2","model":"gpt-4","choices":[{"index":0,"delta":{"role":"assistant","content":@},"finish_reason":null}]}',
  '{"choices":[{"delta":{"content": @ }}]}',
  '{"choices":[{"delta":{"content":@},"finish_reason":"stop"}]}',
  '{"choices":[{"delta":{"content":@,"reasoning":"hm"}}]}',
  '{"choices":[{"delta":{"content":"x","content":@}}]}',
  '{"choices":[{"delta":{"content":@}},{"delta":{"content":@}}]}',
  '{"choices":[{"delta":{"content":"x"}},{"delta":{"content":@}}]}',
  '{"choices":[{"delta":{"content":"x"}}],"echo":@}',
  '{"echo":@,"choices":[{"delta":{"content":@}}],"again":@}',
  '{"choices":[{"delta":{"content":@}}],"choices":[{"delta":{"content":"x"}}]}',
  '{"choices":[{"delta":{"content":@}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
  '{"choices":[{"delta":{"content":@}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}',
  '{"choices":[{"delta":{"content":@}}],"usage":null,"error":null}',
  '{"choices":[{"delta":{"content":"x","tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":@}}]}}]}',
  '{"choices":[{"message":{"content":@}}]}',
  '{"error":{"message":@}}',
)
const names = fc.constantFrom('', '', '', '', 'event: message\n', 'event: error\n')

const bodies = fc
  .tuple(
    fc.array(fc.tuple(chunks, names, fc.array(fc.tuple(contents, contents), { minLength: 1, maxLength: 6 })), {
      maxLength: 8,
    }),
    fc.constantFrom('', 'data: [DONE]\n\n'),
  )
  .map(([runs, end]) => {
    const sent = runs.flatMap(([around, name, some]) =>
      some.map(
        ([content, padding]) =>
          `${name}data: ${around.replaceAll(/[@#]/g, (hole) => (hole === '@' ? content : padding))}\n\n`,
      ),
    )
    return Buffer.from(sent.join('') + end)
  })

describe('the fast path reads what the full parse reads', () => {
  test('in any answer, cut anywhere', () => {
    fc.assert(fc.property(bodies, sizes, expectSame), { numRuns: 3_000 })
  })

  test('in any answer with some bytes lost and others inserted', () => {
    const spoilt = fc
      .tuple(bodies, fc.nat(), fc.nat(2), fc.uint8Array({ maxLength: 2 }))
      .map(([sent, at, lost, put]) => {
        const from = at % (sent.length + 1)
        return Buffer.concat([sent.subarray(0, from), put, sent.subarray(from + lost)])
      })
    fc.assert(fc.property(spoilt, sizes, expectSame), { numRuns: 3_000 })
  })

  test.each([
    [1, 2, 3, 1],
    [1, 2, 1, 2],
  ])('when usage alternates between envelopes: the last chunk counts', (...counts) => {
    const chunks = counts.map((count) => ({ ...say('a'), usage: { prompt_tokens: count, completion_tokens: 1 } }))
    expectSame(Buffer.from(stream(...chunks)))
    expect(read(stream(...chunks)).events.at(-1)).toMatchObject({ usage: { inputTokens: counts[3], outputTokens: 1 } })
  })

  test('in an event named error, which is an error even in a learnt envelope', () => {
    const sent = `${stream(say('a'), say('b')).replace('data: [DONE]', 'event: error')}${stream(say('c')).trimStart()}`
    expectSame(Buffer.from(sent))
  })
})

test.each([
  ['with one envelope', (at: number) => say(` word${at}`)],
  ['with OpenAI’s padding', (at: number) => ({ ...say(` word${at}`), obfuscation: 'aZ3kQ9xT0bLmN7'.slice(at % 14) })],
])('the fast path is taken: of a thousand chunks %s, only a few are parsed', (_what, chunkAt) => {
  const spy = vi.spyOn(JSON, 'parse')
  const { failure } = read(stream(...Array.from({ length: 1_000 }, (_, at) => chunkAt(at)), done()))
  const { length } = spy.mock.calls
  spy.mockRestore()
  expect(failure).toBeUndefined()
  expect(length).toBeLessThan(10)
})
