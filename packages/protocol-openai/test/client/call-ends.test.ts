import type { DecodedEvent } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { ToolCalls } from '../../src/client/tool-calls.ts'
import { callsOf, calling, type Fragment, named, piece } from '../support/calls.ts'
import { chunk, cutOff, done, message, read, stream } from '../support/decoding.ts'

const f1 = ['f', { x: 1 }] as const

describe('the ids of the reader', () => {
  const idsOf = (...fragments: Fragment[]): string[] =>
    read(stream(...fragments.map((one) => calling(one)), done())).events.flatMap((event) =>
      event.type === 'tool-call' ? [event.id] : [],
    )

  test('are those of the wire, where these are unique', () => {
    expect(idsOf(named('f', '{}', { index: 0, id: 'a' }), named('g', '{}', { index: 1, id: 'b' }))).toEqual(['a', 'b'])
    expect(idsOf(piece('{}', { index: 0 }), named('f', '', { index: 0, id: 'late' }))).toEqual(['late'])
    expect(idsOf(piece('{', { index: 0, id: 'a' }), named('f', '}', { index: 0 }))).toEqual(['a'])
  })

  test('are those that come with the names, after others', () => {
    const whole = named('f', '{"x":1}', { index: 0, id: 'r1' })
    expect(idsOf(whole, piece('', { index: 0, id: 'r2' }), named('g', '{}', { index: 0, id: 'b' }))).toEqual([
      'r1',
      'b',
    ])
    expect(idsOf(named('f', '{"x"', { index: 0 }), piece(':1}', { index: 0, id: 'late' }))).not.toContain('late')
  })

  test('are made up where they are missing or repeated, and differ between answers', () => {
    const [first, second, third] = idsOf(named('f', '{}', { id: 'a' }), named('g', '{}', { id: 'a' }), named('f', '{}'))
    expect(first).toBe('a')
    expect(new Set([first, second, third]).size).toBe(3)
    expect(third).toMatch(/^call_c1_\d+$/)
  })

  test('are made up in an answer without an id, too', () => {
    const { events } = read(stream({ choices: [{ delta: { tool_calls: [named('f', '{}')] } }] }, done()))
    expect(events).toContainEqual({ type: 'tool-call', id: 'call_0', name: 'f' })
  })

  test('name every piece of their call', () => {
    const { events } = read(
      stream(calling(named('f', '{"x":1}', { id: 'a' })), calling(named('g', '{"y":2}', { id: 'a' })), done()),
    )
    const calls = events.flatMap((event) => ('id' in event && event.type !== 'start' ? [[event.type, event.id]] : []))
    const second = calls[2]?.[1]
    expect(calls).toEqual([
      ['tool-call', 'a'],
      ['tool-input', 'a'],
      ['tool-call', second],
      ['tool-input', second],
    ])
  })
})

describe('the older function_call is a call', () => {
  test('in pieces and in one', () => {
    const body = stream(
      chunk({ function_call: { name: 'f', arguments: '{"x"' } }),
      chunk({ function_call: { arguments: ':1}' } }),
      done('function_call'),
    )
    expect(callsOf(read(body))).toEqual([f1])
    expect(read(body).events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' })
    const whole = message({ content: null, function_call: { name: 'f', arguments: '{"x":1}' } }, 'function_call')
    expect(callsOf(read(whole, 'application/json'))).toEqual([f1])
  })

  test('unless tool_calls say it too', () => {
    const both = {
      function_call: { name: 'f', arguments: '{"x":1}' },
      tool_calls: [named('f', '{"x":1}', { index: 0 })],
    }
    expect(callsOf(read(stream(chunk(both), done())))).toEqual([f1])
    expect(callsOf(read(stream(chunk({ function_call: null, tool_calls: [] }), done())))).toEqual([])
  })
})

describe('what is not a call is not run', () => {
  test.each([
    ['two values', '{"x":1}{"y":2}'],
    ['words after', '{"x":1} is what I need'],
    ['words', 'the path is x'],
    ['no quotes', '{path: x}'],
    ['one bracket too many', '{"x":1}}'],
    ['the word null after the whole', '{"x":1}null'],
  ])('arguments that are not JSON are malformed: %s', (_name, json) => {
    const failure = { code: 'malformed', message: 'the arguments of tool call a are not JSON' }
    expect(read(stream(calling(named('f', json, { id: 'a' })), done('tool_calls'))).failure).toEqual(failure)
    const calls = [named('f', '{}', { id: 'b' }), named('f', json, { id: 'a' })]
    expect(read(message({ tool_calls: calls }), 'application/json').failure).toEqual(failure)
    expect(read(cutOff(calling(named('f', json, { id: 'a' })), done('tool_calls'))).failure).toEqual(failure)
  })

  test('arguments without a name are malformed', () => {
    const failure = { code: 'malformed', message: 'a tool call has arguments and no name' }
    expect(read(stream(calling(piece('{"x":1}', { index: 0, id: 'a' })), done('tool_calls'))).failure).toEqual(failure)
    const other = [named('f', '{"x":1}', { index: 0, id: 'a' }), piece('{"y":2}', { index: 0, id: 'b' })]
    expect(read(stream(...other.map((one) => calling(one)), done('tool_calls'))).failure).toEqual(failure)
  })

  test('nothing at all is no call', () => {
    const { events } = read(stream(calling({ index: 0 }), calling(piece('', { index: 1, id: 'a' })), done('stop')))
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })

  test('a reason of tool calls without a call is truncated; at the end mark, words are an answer by themselves', () => {
    expect(read(cutOff(chunk({ content: 'a' }), done('tool_calls'))).failure).toMatchObject({ code: 'truncated' })
    const { events } = read(stream(chunk({ content: 'a' }), done('tool_calls')))
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })
})

describe('bounds', () => {
  const readAll = (fragments: Fragment[]): DecodedEvent[] => {
    const events: DecodedEvent[] = []
    new ToolCalls((event) => events.push(event)).add({ tool_calls: fragments })
    return events
  }

  test('20,000 calls, and 200,000 pieces of one, are read', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => named('f', '{}', { index, id: `id${index}` }))
    expect(readAll(many)).toHaveLength(40_000)
    const pieces = Array.from({ length: 200_000 }, () => piece('1', { index: 0 }))
    expect(readAll([named('f', '[1', { index: 0 }), ...pieces])).toHaveLength(200_002)
  })

  test('more calls than any answer has are malformed', () => {
    const many = Array.from({ length: 65_537 }, (_, index) => named('f', '', { index }))
    expect(readAll(many.slice(1))).toHaveLength(65_536)
    expect(() => readAll(many)).toThrow(
      expect.objectContaining({ code: 'malformed', message: 'the answer has more than 65536 tool calls' }),
    )
  })

  test('arguments that come long before the names are malformed', () => {
    const half = 'x'.repeat(524_288)
    const held = [piece(half, { index: 0 }), piece(half, { index: 1 })]
    const ending = [named('f', '', { index: 0 }), named('f', '', { index: 1 })]
    expect(() => readAll([...held, ...ending, ...held])).not.toThrow()
    expect(() => readAll([...held, piece('x', { index: 1 })])).toThrow(
      expect.objectContaining({
        code: 'malformed',
        message: 'the arguments of tool calls come long before their names',
      }),
    )
  })
})

test('arguments that are nested 20,000 deep are read', () => {
  const json = `${'{"a":'.repeat(20_000)}{}${'}'.repeat(20_000)}`
  const body = `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":${json}}}]}}]}\n\ndata: [DONE]\n\n`
  const input = read(body).events.find((event) => event.type === 'tool-input')
  expect(input).toMatchObject({ text: json })
})
