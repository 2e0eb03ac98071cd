import { describe, expect, test } from 'vitest'
import { callsFrom, calling, callsOf, named, piece } from '../support/calls.ts'
import { chunk, done, message, read, stream } from '../support/decoding.ts'

const failureOf = (body: string) => read(body).failure

describe('each entry of a list is a call of its own', () => {
  test.each([
    ['one index', [named('f', '', { index: 0 }), named('f', '', { index: 0 })]],
    ['one id', [named('f', '', { id: 'a', index: 0 }), named('f', '', { id: 'a', index: 0 })]],
    ['no arguments', [named('f', undefined, { index: 0 }), named('f', undefined, { index: 0 })]],
  ])('also of one name, without arguments: %s', (_name, calls) => {
    const both = [
      ['f', {}],
      ['f', {}],
    ]
    expect(callsOf(read(message({ tool_calls: calls }), 'application/json'))).toEqual(both)
    expect(callsOf(read(stream(calling(...calls), done('tool_calls'))))).toEqual(both)
  })

  test('but the next delta may name it again', () => {
    expect(callsFrom(named('f', '{"x"', { index: 0 }), named('f', ':1}', { index: 0 }))).toEqual([['f', { x: 1 }]])
  })
})

test('an index is the same as a number and as a string', () => {
  expect(callsFrom(named('f', '{"x"', { index: '0' }), piece(':1}', { index: 0 }))).toEqual([['f', { x: 1 }]])
})

describe('a call that says nothing', () => {
  const empty = { function_call: { name: '', arguments: '' } }
  const call = named('f', '{"x":1}', { index: 0, id: 'a' })

  test('is not one, also beside a message that repeats the others', () => {
    expect(callsOf(read(stream(calling(call), chunk(empty), done('tool_calls'))))).toEqual([['f', { x: 1 }]])
    const whole = chunk({}, { finish_reason: 'tool_calls', message: { role: 'assistant', tool_calls: [call] } })
    expect(callsOf(read(stream(calling(call), chunk(empty), whole)))).toEqual([['f', { x: 1 }]])
  })
})

test('a message may repeat the arguments with their fields in another order', () => {
  const repeated = named('f', '{ "y": [2], "x": {"z": null} }', { index: 0, id: 'a' })
  const first = calling(named('f', '{"x":{"z":null},"y":[2]}', { index: 0, id: 'a' }))
  const whole = chunk({}, { finish_reason: 'tool_calls', message: { role: 'assistant', tool_calls: [repeated] } })
  expect(callsOf(read(stream(first, whole)))).toEqual([['f', { x: { z: null }, y: [2] }]])
})

describe('arguments in a string', () => {
  test('that have an object in it are that object', () => {
    const json = JSON.stringify('{"x":1}')
    expect(callsFrom(named('f', json, { index: 0 }))).toEqual([['f', { x: 1 }]])
    expect(callsFrom(named('f', json.slice(0, 4), { index: 0 }), piece(json.slice(4), { index: 0 }))).toEqual([
      ['f', { x: 1 }],
    ])
  })

  test.each(['"x"', '"[1"', '5', 'true'])('and anything that is no object is malformed: %s', (json) => {
    const failure = { code: 'malformed', message: 'the arguments of tool call a are not an object' }
    expect(failureOf(stream(calling(named('f', json, { index: 0, id: 'a' })), done('tool_calls')))).toEqual(failure)
  })

  test('and a string that broke off is not JSON', () => {
    const failure = { code: 'malformed', message: 'the arguments of tool call a are not JSON' }
    expect(failureOf(stream(calling(named('f', '"{', { index: 0, id: 'a' })), done('tool_calls')))).toEqual(failure)
  })
})

describe('an answer that says that it calls a tool, and has no call', () => {
  const failure = { code: 'malformed', message: 'the answer says that it calls a tool, and has no call' }

  test('is malformed when it has nothing else, or a call without a name', () => {
    expect(failureOf(stream(chunk({ content: '' }), done('tool_calls')))).toEqual(failure)
    const nameless = piece('', { index: 0, id: 'a' })
    expect(failureOf(stream(chunk({ content: 'one' }), calling(nameless), done('tool_calls')))).toEqual(failure)
  })

  test.each([{ content: 'one' }, { reasoning_content: 'hm' }])('stops when it has %j', (delta) => {
    const { events } = read(stream(chunk(delta), done('tool_calls')))
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })
})

describe('several finish reasons', () => {
  const reasonOf = (...chunks: object[]) => {
    const end = read(stream(chunk({ content: 'one' }), ...chunks)).events.at(-1)
    return end?.type === 'finish' ? end.reason : undefined
  }

  test('in a row: the one that says most holds', () => {
    expect(reasonOf(done('length'), done('stop'))).toBe('length')
    expect(reasonOf(done('content_filter'), done('length'), done('stop'))).toBe('content-filter')
    expect(reasonOf(done('stop'), done('length'))).toBe('length')
  })

  test('with content between them: the last holds', () => {
    expect(reasonOf(done('length'), chunk({ content: 'two' }), done('stop'))).toBe('stop')
    expect(reasonOf(done('length'), chunk({ content: 'two' }, { finish_reason: 'stop' }))).toBe('stop')
  })
})

test('usage in two chunks is one usage', () => {
  const counted = (usage: object) => ({ choices: [], usage })
  const chunks = [counted({ prompt_tokens: 5 }), counted({ completion_tokens: 2 }), counted({ completion_tokens: 0 })]
  expect(read(stream(chunk({ content: 'one' }), done(), ...chunks)).events.at(-1)).toMatchObject({
    usage: { inputTokens: 5, outputTokens: 2 },
  })
})
