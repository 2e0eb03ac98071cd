import type { Decoded } from '@rivulet/testkit'
import { describe, expect, test, vi } from 'vitest'
import {
  block,
  call,
  delta,
  done,
  end,
  finish,
  input,
  piece,
  read as readAs,
  say,
  sse,
  start,
  started,
  stop,
  text,
  thought,
  tool,
} from '../support/decoding.ts'

const read = (body: string, type?: string): Decoded => readAs(body, type)
/** A document, without its type where `fields` says so. */
const inOnePiece = (fields: object): Decoded =>
  read(JSON.stringify({ ...start({}).message, stop_reason: 'end_turn', ...fields }), 'application/json')
/** Data of an event. */
const data = (json: string, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${json}\n\n`
const failed = (code: string, message: string): object => ({ code, message })

const begun = sse(start({}))
const ended = sse(stop('end_turn', {}), done)
const BROKE_OFF = failed('truncated', 'the answer broke off before message_stop')
const NOT_OURS = failed('malformed', 'the answer has no message of this dialect')

describe('a stream', () => {
  test('begins with its model and its id, is said as it arrives, and ends', () => {
    const body = begun + sse(block(0, { type: 'text', text: '' }), say('a'), say('b'), end(0)) + ended
    expect(read(body)).toStrictEqual({ events: [started, text('a'), text('b'), finish()] })
  })

  test('whose messages differ in their text alone is not parsed, and is read as if it were', () => {
    const words = Array.from({ length: 100 }, (_, at) => `${at} `)
    const thoughts = words.map((thinking) => delta(0, { type: 'thinking_delta', thinking }))
    const spy = vi.spyOn(JSON, 'parse')
    const { events } = read(begun + sse(...thoughts, ...words.map((word) => say(word, 1))) + ended)
    const parsed = spy.mock.calls.length
    spy.mockRestore()
    expect(events).toEqual([started, ...words.map((word) => thought(word)), ...words.map(text), finish()])
    expect(parsed).toBeLessThan(15)
  })

  test('gives the arguments that are not parsed to the call of their block', () => {
    const one = [block(0, tool('t1')), block(1, tool('t2')), piece('{', 1), piece('"a"', 1), piece(':1}', 1)]
    expect(read(begun + sse(...one) + ended).events.slice(1, -1)).toEqual([
      call('t1', 'f'),
      call('t2', 'f'),
      ...['{', '"a"', ':1}'].map((json) => input('t2', json)),
    ])
  })

  test('may have neither a model nor an id', () => {
    for (const nothing of [undefined, null, '', 7]) {
      const message = { ...start({}).message, model: nothing, id: nothing }
      const body = sse({ type: 'message_start', message }, block(0, tool(''))) + ended
      expect(read(body).events).toStrictEqual([{ type: 'start' }, call('call_0', 'f'), finish('tool-calls')])
    }
  })

  test('has ids of its own for calls without one', () => {
    expect(read(begun + sse(block(0, tool(''))) + ended).events[1]).toEqual(call('msg_1_0', 'f'))
  })

  test('may have a beginning that is no message', () => {
    for (const message of [undefined, null, 'a', []]) {
      expect(read(sse({ type: 'message_start', message }, say('a')) + ended).events).toEqual([text('a'), finish()])
    }
  })

  test('may have its content in its beginning', () => {
    const message = { ...start({}).message, content: [{ type: 'text', text: 'a' }, tool('t1', { a: 1 })] }
    expect(read(sse({ type: 'message_start', message }) + ended).events.slice(1)).toEqual([
      text('a'),
      call('t1', 'f'),
      input('t1', '{"a":1}'),
      finish('tool-calls'),
    ])
    const reasoned = { ...message, stop_reason: 'max_tokens' }
    expect(read(sse({ type: 'message_start', message: reasoned }, done)).events.at(-1)).toEqual(finish('length'))
  })

  test('may have messages and frames of other kinds', () => {
    const others = `${sse({ type: 'ping' }, { type: 'new', content: 'x', index: 0 })}${data('[1]')}${data('{}')}${data(':')}`
    expect(read(begun + others + sse(say('a')) + ended)).toEqual({ events: [started, text('a'), finish()] })
  })

  test('without content in its beginning has no block there: arguments for one are malformed', () => {
    for (const content of [undefined, null, 7]) {
      const message = { ...start({}).message, content }
      expect(read(sse({ type: 'message_start', message }, piece('{}'))).failure).toEqual(
        failed('malformed', 'arguments arrived for a tool call that is not open'),
      )
    }
  })

  test('counts the frames that it could not read', () => {
    expect(read(begun + data('x') + data('y') + ended).events).toEqual([started, { ...finish(), skipped: 2 }])
  })

  test('has the usage of its beginning and of its end', () => {
    const { events } = read(
      sse(start({ input_tokens: 9, output_tokens: 1 }), stop('end_turn', { output_tokens: 5 }), done),
    )
    expect(events.at(-1)).toEqual({ ...finish(), usage: { inputTokens: 9, outputTokens: 5, source: 'reported' } })
  })

  test('says the arguments of a block at its end', () => {
    const body = begun + sse(block(0, tool('t1', { a: 1 })), end(0), say('b', 1))
    expect(read(body).events.slice(1)).toEqual([call('t1', 'f'), input('t1', '{"a":1}'), text('b')])
  })
})

describe('an answer in one piece', () => {
  test.each<[string, unknown]>([
    ['blocks', [{ type: 'text', text: 'a' }]],
    ['a text', 'a'],
  ])('has %s as its content', (_what, content) => {
    expect(inOnePiece({ content })).toStrictEqual({ events: [started, text('a'), finish()] })
  })

  test('may have none', () => {
    for (const content of [undefined, null, 7, {}, [], '', ['a']]) {
      expect(inOnePiece({ content })).toEqual({ events: [started, finish()] })
    }
  })

  test('keeps the order of its blocks, with the arguments of each call after it', () => {
    const content = [tool('t1', { a: 1 }), { type: 'text', text: 'b' }, tool('t2', { c: 2 })]
    expect(inOnePiece({ content }).events.slice(1)).toEqual([
      call('t1', 'f'),
      input('t1', '{"a":1}'),
      text('b'),
      call('t2', 'f'),
      input('t2', '{"c":2}'),
      finish('tool-calls'),
    ])
  })

  test('has its usage', () => {
    expect(inOnePiece({ usage: { input_tokens: 3, output_tokens: 4 } }).events.at(-1)).toMatchObject({
      usage: { inputTokens: 3, outputTokens: 4 },
    })
  })
})

describe('a message without a type', () => {
  const answer = JSON.stringify({ role: 'assistant', content: 'a' })

  test('is an answer if it has the role and content of one, whatever its event is named', () => {
    for (const event of [undefined, 'ping', 'message_stop']) {
      expect(read(data(answer, event)).events).toEqual([{ type: 'start' }, text('a'), finish()])
    }
  })

  test('is what its event is named, if it has only one of them', () => {
    expect(read(begun + data('{"content":"x"}', 'ping') + data('{"role":"assistant"}', 'ping') + ended).events).toEqual(
      [started, finish()],
    )
    expect(read(begun + data('{"role":"user","content":"x"}', 'message_stop')).events).toEqual([started, finish()])
    expect(read(begun + data('{"role":"assistant"}', 'message_stop')).events).toEqual([started, finish()])
  })

  test('has the name of its event only where it has no type', () => {
    expect(read(begun + data('{"type":"ping"}', 'message_stop')).failure).toEqual(BROKE_OFF)
  })
})

describe('the end', () => {
  const endOf = (reason: unknown, ...messages: Parameters<typeof sse>): unknown => {
    const { events, failure } = read(begun + sse(...messages, stop(reason, {}), done))
    return failure ?? events.at(-1)
  }
  const cut = [block(0, tool()), piece('{"a"')]

  test('has the reason that came last', () => {
    expect(endOf('max_tokens', say('a'))).toEqual(finish('length'))
    expect(endOf('max_tokens', say('a'), stop('refusal'))).toMatchObject(finish('length'))
    expect(endOf(null, say('a'), stop('max_tokens', {}))).toEqual(finish('length'))
    for (const nothing of [undefined, null, 'max_tokens']) {
      expect(endOf('end_turn', { type: 'message_delta', delta: nothing })).toEqual(finish())
    }
    expect(read(begun + sse(say('a'), done)).events.at(-1)).toEqual(finish())
  })

  test('is that of calls where there are some, unless it came early', () => {
    expect(endOf('end_turn', block(0, tool()))).toEqual(finish('tool-calls'))
    expect(endOf('max_tokens', block(0, tool()))).toEqual(finish('length'))
    expect(endOf('refusal', block(0, tool()))).toEqual(finish('content-filter'))
  })

  test('may cut a call, if it came early', () => {
    expect(endOf('max_tokens', ...cut)).toEqual(finish('length'))
    expect(endOf('refusal', ...cut)).toEqual(finish('content-filter'))
    const brokeOff = failed('truncated', 'the arguments of tool call t1 broke off')
    expect(endOf('end_turn', ...cut)).toEqual(brokeOff)
    expect(endOf('tool_use', ...cut)).toEqual(brokeOff)
  })

  test('that says that it calls a tool, without a call, is a stop after content and malformed without', () => {
    expect(endOf('tool_use', say('a'))).toEqual(finish())
    expect(endOf('tool_use')).toEqual(failed('malformed', 'the answer says that it calls a tool, and has no call'))
    expect(endOf('end_turn')).toEqual(finish())
  })

  test('may be the end mark of another dialect, after a reason to stop', () => {
    for (const mark of ['[DONE]', ' [DONE] ', '\t[DONE]']) {
      expect(read(begun + sse(say('a'), stop('max_tokens', {})) + data(mark)).events.at(-1)).toEqual(finish('length'))
    }
    expect(read(begun + sse(say('a')) + data('[DONE]')).failure).toEqual(BROKE_OFF)
  })

  test('is missing from an answer that broke off', () => {
    expect(read(begun).failure).toEqual(BROKE_OFF)
    expect(read(sse(say('a'))).failure).toEqual(BROKE_OFF)
    expect(read(begun + sse(say('a'), stop('end_turn'))).failure).toEqual(BROKE_OFF)
  })

  test('of nothing is malformed', () => {
    expect(read('').failure).toEqual(NOT_OURS)
    expect(read(sse({ type: 'ping' })).failure).toEqual(NOT_OURS)
    expect(read(sse(block(0, { type: 'text', text: '' }))).failure).toEqual(NOT_OURS)
    expect(read(sse(done)).failure).toEqual(failed('malformed', 'message_stop arrived without an answer'))
  })
})

describe('a failure', () => {
  const error = { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } }
  const slowDown = failed('rate-limited', 'the endpoint reports: slow down')

  test('is read wherever it is', () => {
    expect(read(JSON.stringify(error), 'application/json').failure).toEqual(slowDown)
    expect(read(begun + sse(say('a'), error)).failure).toEqual(slowDown)
    expect(read(begun + data(JSON.stringify(error))).failure).toEqual(slowDown)
    expect(read(begun + data(JSON.stringify({ error: error.error }), 'ping')).failure).toEqual(slowDown)
  })

  test('in an event named error may be in words, and may look like content', () => {
    expect(read(begun + data('no luck', 'error')).failure?.message).toBe('the endpoint reports: no luck')
    expect(read(begun + sse(say('a'), say('b')) + data(JSON.stringify(say('c')), 'Error')).failure).toBeDefined()
  })

  test('is a second beginning after content, also in one piece', () => {
    const failure = failed('malformed', 'a second answer begins within the first')
    expect(read(begun + sse(say('a'), start({}))).failure).toEqual(failure)
    expect(read(begun + sse(say('a')) + data(JSON.stringify(start({}).message))).failure).toEqual(failure)
    expect(read(begun + begun + sse(say('a')) + ended).failure).toBeUndefined()
  })
})
