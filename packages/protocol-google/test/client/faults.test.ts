import { describe, expect, test } from 'vitest'
import { call, type Chunk, read, reasonOf, sse, textOf } from '../support/decoding.ts'

describe('calls', () => {
  const idsOf = (body: string): string[] =>
    read(body).events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []))

  test.each([
    [
      [undefined, undefined],
      ['R1_0', 'R1_1'],
    ],
    [
      ['', 'a'],
      ['R1_0', 'a'],
    ],
    [
      ['a', 'a', 'a'],
      ['a', 'a_1', 'a_2'],
    ],
  ])('with the ids %j have ids that differ', (given, expected) => {
    const chunks = given.map((id): Chunk => ({ parts: [call(id)] }))
    expect(idsOf(sse(...chunks, { reason: 'STOP' }))).toEqual(expected)
    const together = sse({ parts: given.map((id) => call(id)), reason: 'STOP' })
    expect(idsOf(together)).toEqual(expected)
  })

  test.each([[{}], [undefined], [null], ['']])('without arguments have none: %j', (args) => {
    const { events } = read(
      sse({ parts: [{ functionCall: { name: 'f', ...(args !== undefined && { args }) } }], reason: 'STOP' }),
    )
    expect(events.filter(({ type }) => type === 'tool-input')).toEqual([])
    expect(events.at(-1)).toMatchObject({ reason: 'tool-calls' })
  })

  test.each([[[1]], [7], ['x'], ['{"x":1}{"x":1}']])('with arguments that are no object are malformed: %j', (args) => {
    expect(read(sse({ parts: [call('a', 'f', args)], reason: 'STOP' })).failure).toMatchObject({ code: 'malformed' })
  })

  test.each(['', null, 7])('without a name are malformed: %j', (name) => {
    expect(read(sse({ parts: [call('a', name)], reason: 'STOP' })).failure).toEqual({
      code: 'malformed',
      message: 'a function call has no name',
    })
  })

  test('have their arguments from a string, and 20,000 levels deep', () => {
    const deep = `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const body = sse({ parts: [call('a', 'f', '{"x":1}'), call('b', 'f', '@')], reason: 'STOP' }).replace('"@"', deep)
    const inputs = read(body).events.filter(({ type }) => type === 'tool-input')
    expect(inputs).toEqual([
      { type: 'tool-input', id: 'a', text: '{"x":1}' },
      { type: 'tool-input', id: 'b', text: deep },
    ])
  })
})

describe('candidates', () => {
  const other = { content: { parts: [{ text: 'other' }] }, finishReason: 'STOP' }

  test('other than the first are other answers', () => {
    const bodies = [
      sse(
        {
          text: 'one',
          more: {
            candidates: [
              { ...other, index: 1 },
              { content: { parts: [{ text: 'one' }] }, index: 0 },
            ],
          },
        },
        { reason: 'STOP' },
      ),
      sse({ text: 'one' }, { more: { candidates: [{ ...other, index: 1 }] } }, { reason: 'STOP' }),
      sse(
        { more: { candidates: [{ ...other, index: 2 }] } },
        { text: 'one', candidate: { index: null } },
        { reason: 'STOP' },
      ),
      sse({ more: { candidates: [null, { content: { parts: [{ text: 'one' }] } }, other] } }, { reason: 'STOP' }),
    ]
    for (const body of bodies) {
      expect(textOf(body)).toBe('one')
      expect(reasonOf(body)).toBe('stop')
    }
  })

  test('are told apart in a long stream, too', () => {
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 3 }
    const said = Array.from({ length: 20 }, (_, at) => [
      { text: `${at} `, candidate: { index: 0 }, more: { usageMetadata } },
      { text: 'other ', candidate: { index: 1 }, more: { usageMetadata } },
    ])
    expect(textOf(sse(...said.flat(), { reason: 'STOP' }))).toBe(
      Array.from({ length: 20 }, (_, at) => `${at} `).join(''),
    )
  })

  test('without a reason of the first are no end', () => {
    expect(read(sse({ text: 'one' }, { more: { candidates: [{ ...other, index: 1 }] } })).failure).toMatchObject({
      code: 'truncated',
    })
  })
})

describe('an error', () => {
  test.each(['error', 'Error'])('as an event (%s) in words is the error in those words', (name) => {
    const words = `event: ${name}\ndata: Rate limit reached for requests\n\n`
    for (const before of ['', sse({ text: 'one' }), sse({ text: 'one', reason: 'STOP' })]) {
      expect(read(before + words).failure).toEqual({
        code: 'rate-limited',
        message: 'the endpoint reports: Rate limit reached for requests',
      })
    }
  })

  test.each([{ error: { code: 503, message: 'busy' } }, { code: 503, message: 'busy' }, { error: 'busy' }])(
    'in the place of a chunk is that error, also after a reason: %j',
    (body) => {
      const sent = `${sse({ text: 'one', reason: 'STOP' })}data: ${JSON.stringify(body)}\n\n`
      expect(read(sent).failure).toEqual({ code: 'overloaded', message: 'the endpoint reports: busy' })
    },
  )

  test.each(['', 'BLOCK_REASON_UNSPECIFIED', null])('is none for a prompt that is not blocked: %j', (blockReason) => {
    expect(reasonOf(sse({ text: 'one', reason: 'STOP', more: { promptFeedback: { blockReason } } }))).toBe('stop')
  })

  test('is content-filter for a prompt that is blocked', () => {
    const blocked = sse({ more: { candidates: undefined, promptFeedback: { blockReason: 'SAFETY' } } })
    expect(read(blocked).failure).toEqual({
      code: 'content-filter',
      message: 'the endpoint refuses the prompt: SAFETY',
    })
  })
})
