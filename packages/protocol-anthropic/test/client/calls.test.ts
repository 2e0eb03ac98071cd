import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  block,
  byteByByte,
  call,
  done,
  end,
  eventsOf,
  failureOf,
  finish,
  input,
  piece,
  read,
  sse,
  start,
  stop,
  tool,
} from '../support/decoding.ts'

describe('an answer with a call', () => {
  test.each(['end_turn', 'stop_sequence', 'pause_turn', 'tool_use', 'TOOL_USE', 'tool_calls', 'banana', '', 'null'])(
    'ends as tool-calls, whatever its stop_reason says: %j',
    (reason) => {
      expect(eventsOf(block(0, tool()), piece('{"x":1}'), end(0), stop(reason, {}), done)).toEqual([
        call('t1', 'f'),
        input('t1', '{"x":1}'),
        finish('tool-calls'),
      ])
    },
  )

  test.each([
    ['refusal', 'content-filter'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
  ] as const)('may be cut by %s, and ends as %s', (reason, expected) => {
    for (const json of ['{"city":"Be', '{"city":"Bern"}']) {
      expect(eventsOf(block(0, tool()), piece(json), stop(reason, {}), done).at(-1)).toEqual(finish(expected))
    }
  })

  test.each(['{"x":1}{"x":1}', 'the path is x', '[1]', '7', '"x"', '{"x":1}}', '{x:1}'])(
    'is malformed when its arguments are not an object: %s',
    (json) => {
      for (const reason of ['tool_use', 'max_tokens']) {
        expect(failureOf(block(0, tool()), piece(json), end(0), stop(reason), done)).toMatchObject({
          code: 'malformed',
          message: 'the arguments of tool call t1 are not a JSON object',
        })
      }
    },
  )

  test.each([[], [''], [' '], ['\n', ' '], ['null']])('has no arguments: %j', (...pieces) => {
    const deltas = pieces.map((json) => piece(json))
    expect(eventsOf(block(0, tool()), ...deltas, end(0), stop('tool_use', {}), done).at(-1)).toEqual(
      finish('tool-calls'),
    )
  })

  test('is malformed without a name', () => {
    for (const name of ['', null, 7]) {
      const message = 'a tool call has no name'
      expect(failureOf(block(0, tool('t1', {}, name)), stop('tool_use'), done)).toMatchObject({
        code: 'malformed',
        message,
      })
    }
  })

  test('that came before another call is not overlooked', () => {
    const broken = failureOf(
      block(0, tool('a')),
      piece('{"x":'),
      block(1, tool('b')),
      piece('{}', 1),
      stop('tool_use'),
      done,
    )
    expect(broken).toMatchObject({ code: 'truncated', message: 'the arguments of tool call a broke off' })
  })
})

describe('arguments', () => {
  test.each([{ x: 1 }, '{"x":1}'])('in the start of the block are the arguments: %j', (given) => {
    const expected = [call('t1', 'f'), input('t1', '{"x":1}'), finish('tool-calls')]
    expect(eventsOf(block(0, tool('t1', given)), end(0), stop('tool_use', {}), done)).toEqual(expected)
    expect(eventsOf(block(0, tool('t1', given)), stop('tool_use', {}), done)).toEqual(expected)
  })

  test('in the start of the block and again in deltas are said once', () => {
    const messages = [block(0, tool('t1', { x: 1 })), piece(''), piece('{"x"'), piece(':1}'), end(0)]
    expect(eventsOf(...messages, stop('tool_use', {}), done)).toEqual([
      call('t1', 'f'),
      input('t1', '{"x"'),
      input('t1', ':1}'),
      finish('tool-calls'),
    ])
  })

  test('as an object in a delta are the arguments, and none are none', () => {
    const messages = [block(0, tool()), piece(null), piece(undefined), piece({}), piece({ x: 1 }), end(0)]
    expect(eventsOf(...messages, stop('tool_use', {}), done)).toEqual([
      call('t1', 'f'),
      input('t1', '{"x":1}'),
      finish('tool-calls'),
    ])
  })

  test.each([[['x']], [7], [true]])('that are no object are malformed: %j', (given) => {
    expect(failureOf(block(0, tool('t1', given)))).toMatchObject({ code: 'malformed' })
    expect(failureOf(block(0, tool()), piece(given))).toMatchObject({ code: 'malformed' })
  })

  test.each([
    ['never began', [block(0, tool()), piece('{"x":1}', 7)]],
    ['has no index', [block(0, tool()), piece('{"x":1}', null)]],
    ['is of an answer without blocks', [piece('{"x":1}')]],
  ])('of a block that %s are malformed: the tool must not run without them', (_what, messages) => {
    expect(failureOf(...messages, stop('tool_use'), done)).toMatchObject({
      code: 'malformed',
      message: 'arguments arrived for a tool call that is not open',
    })
  })

  test('of no length may be of any block', () => {
    expect(eventsOf(block(0, tool()), piece('', 7), stop('tool_use', {}), done)).toEqual([
      call('t1', 'f'),
      finish('tool-calls'),
    ])
  })

  test('of interleaved blocks go to the call of their index', () => {
    const calls = [block(1, tool('a')), block(0, tool('b', {}, 'g'))]
    const deltas = [piece('{"x"', 0), piece('{"y"', 1), piece(':1}', 0), piece(':2}', 1)]
    const { events } = read(sse(start(), ...calls, ...deltas, end(1), end(0), stop('tool_use'), done))
    const of = (id: string) =>
      events.map((event) => (event.type === 'tool-input' && event.id === id ? event.text : '')).join('')
    expect([of('a'), of('b')]).toEqual(['{"y":2}', '{"x":1}'])
  })

  test('go to the latest call of an index that is used again', () => {
    const messages = [block(0, tool('a', { x: 1 })), block(0, tool('b')), piece('{"y":2}'), end(0)]
    expect(eventsOf(...messages, stop('tool_use', {}), done)).toEqual([
      call('a', 'f'),
      input('a', '{"x":1}'),
      call('b', 'f'),
      input('b', '{"y":2}'),
      finish('tool-calls'),
    ])
  })

  test('20,000 levels deep are read', () => {
    const deep = `{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const json = JSON.stringify({
      ...start().message,
      content: [{ type: 'tool_use', id: 't1', name: 'f', input: '@' }],
    })
    const { events } = read(
      json.replace('"@"', deep).replace('"stop_reason":null', '"stop_reason":"tool_use"'),
      'application/json',
    )
    expect(events.slice(1, 3)).toEqual([call('t1', 'f'), input('t1', deep)])
  })
})

test.each([
  [
    ['a', 'a', 'a'],
    ['a', 'a_1', 'a_2'],
  ],
  [
    [undefined, 'a', ''],
    ['msg_1_0', 'a', 'msg_1_2'],
  ],
])('calls with the ids %j have ids that differ', (ids, expected) => {
  const calls = ids.map((id, at) => block(at, { ...tool(id), id }))
  const { events } = read(sse(start(), ...calls, stop('tool_use'), done))
  expect(events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []))).toEqual(expected)
})

test('calls of an answer whose message has no id get one all the same', () => {
  const { events } = read(sse(block(0, tool(undefined)), stop('tool_use'), done).replace('"id":"t1",', ''))
  expect(events[0]).toMatchObject({ type: 'tool-call', id: 'call_0' })
})

describe('the calls of a well-behaved server', () => {
  const args = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
  const all = fc.array(fc.record({ args, cuts: fc.array(fc.nat(40), { maxLength: 3 }), stops: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  })

  /** The pieces of each call in order, those of different calls in any. */
  function interleaved(deltas: readonly object[][], order: readonly number[]): Parameters<typeof sse> {
    const left = deltas.map((pieces) => [...pieces])
    const mixed = order.flatMap((at) => left[at % left.length]?.splice(0, 1) ?? [])
    return [...mixed, ...left.flat()] as Parameters<typeof sse>
  }

  test('are read as they were meant, in any order of their pieces and however the bytes are cut', () => {
    fc.assert(
      fc.property(all, fc.array(fc.nat(), { maxLength: 12 }), (calls, order) => {
        const deltas = calls.map(({ args: meant, cuts, stops }, index) => {
          const json = JSON.stringify(meant)
          const places = [0, ...cuts.map((cut) => cut % json.length).sort((a, b) => a - b), json.length]
          const pieces = places.slice(1).map((to, at) => piece(json.slice(places[at], to), index))
          return stops ? [...pieces, end(index)] : pieces
        })
        const begun = calls.map((_, index) => block(index, tool(`t${index}`)))
        const sent = sse(start(), ...begun, ...interleaved(deltas, order), stop('tool_use'), done)
        const { events } = read(byteByByte(sent))
        const got = calls.map((_, index) =>
          events.map((event) => (event.type === 'tool-input' && event.id === `t${index}` ? event.text : '')).join(''),
        )
        expect(got.map((json) => JSON.parse(json) as unknown)).toEqual(
          calls.map(({ args: meant }) => JSON.parse(JSON.stringify(meant)) as unknown),
        )
        expect(events.at(-1)).toMatchObject(finish('tool-calls'))
      }),
    )
  })

  test('are the same wherever the bytes are cut in two', () => {
    const sent = Buffer.from(
      sse(start(), block(0, tool()), piece('{"x":"ü🌊'), piece('"}'), end(0), stop('tool_use'), done),
    )
    const whole = read([sent])
    expect(whole.failure).toBeUndefined()
    for (let at = 1; at < sent.length; at++) expect(read([sent.subarray(0, at), sent.subarray(at)])).toEqual(whole)
  })

  test('20,000 of them are read without comparing each with each', () => {
    const blocks = Array.from({ length: 20_000 }, (_, at) => block(at, tool('same', { at })))
    const { events } = read(sse(start(), ...blocks, stop('tool_use'), done))
    const ids = events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []))
    expect(new Set(ids).size).toBe(20_000)
  })
})
