import type { DecodedEvent } from '@rivulet/core/provider'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunk, contentOf, cutOff, done, finish, message, read, stream } from '../support/decoding.ts'

interface Fragment {
  index?: number
  id?: string
  function?: { name?: string; arguments?: unknown }
}

const calling = (...fragments: (Fragment | null)[]): object => chunk({ tool_calls: fragments })
const call = (id: string, name: string): DecodedEvent => ({ type: 'tool-call', id, name })
const input = (id: string, json: string): DecodedEvent => ({ type: 'tool-input', id, text: json })

/** The calls of an answer, with their input joined. */
function joined(events: readonly DecodedEvent[]): Record<string, { name: string; json: string }> {
  const calls: Record<string, { name: string; json: string }> = {}
  for (const event of events) {
    if (event.type === 'tool-call') calls[event.id] = { name: event.name, json: '' }
    else if (event.type === 'tool-input') (calls[event.id] ??= { name: 'nobody', json: '' }).json += event.text
  }
  return calls
}

test('the id and the name come first, then the arguments in pieces', () => {
  const body = stream(
    calling({ index: 0, id: '1', function: { name: 'f', arguments: '' } }),
    calling({ index: 0, function: { arguments: '{"a"' } }),
    calling({ index: 0, function: { arguments: ':1}' } }),
    done('tool_calls'),
  )
  expect(contentOf(read(body))).toEqual([call('1', 'f'), input('1', '{"a"'), input('1', ':1}')])
  expect(read(body).events.at(-1)).toEqual(finish('tool-calls'))
})

describe('calls are distinguished', () => {
  test('by index, in any interleaving', () => {
    const pieces = fc.array(fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 6 }), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(pieces, fc.infiniteStream(fc.nat()), (calls, turn) => {
        const chunks = calls.map((_, index) =>
          calling({ index, id: `id${index}`, function: { name: `f${index}`, arguments: '["' } }),
        )
        const waiting = calls.map((parts, index) =>
          [...parts, '"]'].map((part) => calling({ index, function: { arguments: part } })),
        )
        for (let left = waiting.flat().length; left > 0; left--) {
          const open = waiting.filter((parts) => parts.length > 0)
          const next = open[turn.next().value % open.length]?.shift()
          if (next !== undefined) chunks.push(next)
        }
        const expected = calls.map((parts, index) => [
          `id${index}`,
          { name: `f${index}`, json: `["${parts.join('')}"]` },
        ])
        expect(joined(contentOf(read(stream(...chunks, done('tool_calls')))))).toEqual(Object.fromEntries(expected))
      }),
    )
  })

  test('by id, when one index is used twice', () => {
    const body = stream(
      calling({ index: 0, id: '1', function: { name: 'f', arguments: '{}' } }),
      calling({ index: 0, id: '2', function: { name: 'g', arguments: '[]' } }),
      done('tool_calls'),
    )
    expect(joined(contentOf(read(body)))).toEqual({ 1: { name: 'f', json: '{}' }, 2: { name: 'g', json: '[]' } })
  })

  test('by id, when two calls alternate under one index', () => {
    const body = stream(
      calling({ index: 0, id: '1', function: { name: 'f', arguments: '[' } }),
      calling({ index: 0, id: '2', function: { name: 'g', arguments: '{' } }),
      calling({ index: 0, id: '1', function: { arguments: ']' } }),
      calling({ index: 0, id: '2', function: { arguments: '}' } }),
      done('tool_calls'),
    )
    expect(contentOf(read(body)).filter(({ type }) => type === 'tool-call')).toHaveLength(2)
    expect(joined(contentOf(read(body)))).toEqual({ 1: { name: 'f', json: '[]' }, 2: { name: 'g', json: '{}' } })
  })

  test('by id, when every fragment has it', () => {
    const body = stream(
      calling({ index: 0, id: '1', function: { name: 'f', arguments: '{"a"' } }),
      calling({ index: 0, id: '1', function: { arguments: ':1}' } }),
      done('tool_calls'),
    )
    expect(joined(contentOf(read(body)))).toEqual({ 1: { name: 'f', json: '{"a":1}' } })
  })

  test('by position, when there is no index', () => {
    const body = stream(
      calling(
        { id: '1', function: { name: 'f', arguments: '[' } },
        { id: '2', function: { name: 'g', arguments: '{' } },
      ),
      calling({ function: { arguments: ']' } }, { function: { arguments: '}' } }),
      done('tool_calls'),
    )
    expect(joined(contentOf(read(body)))).toEqual({ 1: { name: 'f', json: '[]' }, 2: { name: 'g', json: '{}' } })
  })

  test('without ids: each call gets one', () => {
    const body = stream(
      calling({ index: 0, function: { name: 'f' } }, { index: 1, function: { name: 'g' } }),
      done('tool_calls'),
    )
    const ids = contentOf(read(body)).map((event) => ('id' in event ? event.id : undefined))
    expect(new Set(ids).size).toBe(2)
    expect(ids).not.toContain('')
  })
})

describe('arguments', () => {
  test.each([
    ['none', {}],
    ['empty', { arguments: '' }],
    ['null', { arguments: null }],
    ['null, as a string', { arguments: 'null' }],
  ])('that are %s count as an empty object', (_name, given) => {
    const body = stream(calling({ index: 0, id: '1', function: { name: 'f', ...given } }), done('tool_calls'))
    expect(contentOf(read(body))).toEqual([call('1', 'f')])
    expect(read(body).failure).toBeUndefined()
  })

  test('that are an object are emitted as JSON', () => {
    const body = stream(
      calling({ index: 0, id: '1', function: { name: 'f', arguments: { a: [1] } } }),
      done('tool_calls'),
    )
    expect(joined(contentOf(read(body)))).toEqual({ 1: { name: 'f', json: '{"a":[1]}' } })
  })

  test('that are cut anywhere are truncated', () => {
    const json = '{"a":"b\\"{[","c":[1,{"d":true}]}'
    for (let length = 1; length < json.length; length++) {
      const body = stream(
        calling({ index: 0, id: '1', function: { name: 'f', arguments: json.slice(0, length) } }),
        done('tool_calls'),
      )
      expect(read(body).failure).toEqual({ code: 'truncated', message: 'the arguments of tool call 1 broke off' })
    }
  })

  test('that are cut are truncated in one piece too, and without an end mark', () => {
    const calls = [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"a"' } }]
    expect(read(message({ content: null, tool_calls: calls }), 'application/json').failure).toMatchObject({
      code: 'truncated',
    })
    const body = cutOff(calling({ index: 0, id: '1', function: { name: 'f', arguments: '{"a"' } }), done('tool_calls'))
    expect(read(body).failure).toMatchObject({ code: 'truncated' })
  })

  test('that the token limit cut finish with its reason', () => {
    const body = stream(calling({ index: 0, id: '1', function: { name: 'f', arguments: '{"a"' } }), done('length'))
    expect(read(body).failure).toBeUndefined()
    expect(read(body).events.at(-1)).toEqual(finish('length'))
  })
})

test('an answer that calls tools finishes with tool-calls, whatever its reason', () => {
  for (const reason of ['stop', 'tool_calls', 'function_call']) {
    const body = stream(calling({ index: 0, id: '1', function: { name: 'f' } }), done(reason))
    expect(read(body).events.at(-1)).toEqual(finish('tool-calls'))
  }
  expect(read(stream(calling({ index: 0, id: '1', function: { name: 'f' } }))).events.at(-1)).toEqual(
    finish('tool-calls'),
  )
})

test('anything else is not a call', () => {
  const body = stream(
    chunk({ tool_calls: [] }),
    chunk({ tool_calls: null }),
    chunk({ tool_calls: 'f' }),
    calling(null),
    done(),
  )
  expect(contentOf(read(body))).toEqual([])
  expect(read(body).events.at(-1)).toEqual(finish('stop'))
})
