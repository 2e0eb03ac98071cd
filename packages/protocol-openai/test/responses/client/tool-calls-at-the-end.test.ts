import { describe, expect, test } from 'vitest'
import type { ToolCalls } from '../../../src/responses/client/tool-calls.ts'
import { call, emittedBy } from './calls-said.ts'

const NAMELESS = 'malformed: the answer has a tool call without a name'

describe('the final response', () => {
  const f = call('1', 'f', '{"a":1}')
  const g = call('2', 'g', '{"b":2}')
  const both = ['1=f', '1<{"a":1}', '2=g', '2<{"b":2}']

  const emittedWith = (events: readonly object[], output: (calls: ToolCalls) => void): string[] =>
    emittedBy((calls) => {
      for (const [index, item] of events.entries()) calls.done(`#${index}`, item as ReturnType<typeof call>)
      output(calls)
      calls.end(false)
    })

  test('repeats calls by their ids, in any places', () => {
    expect(
      emittedWith([f, g], (calls) => {
        calls.output(7, g)
        calls.output(8, f)
      }),
    ).toEqual(both)
  })

  test('repeats calls of one id in their order, also written otherwise', () => {
    const other = call('1', 'f', '{"b":2}')
    const emitted = emittedWith([f, other], (calls) => {
      calls.output(7, call('1', 'f', '{ "a": 1 }'))
      calls.output(8, call('1', 'f', '{ "b": 2 }'))
    })
    expect(emitted).toEqual(['1=f', '1<{"a":1}', '1_1=f', '1_1<{"b":2}'])
  })

  test('repeats calls without ids by their places', () => {
    const [one, two] = [call('', 'f', '{"a":1}'), call('', 'f', '{"b":2}')]
    const emitted = ['call_0=f', 'call_0<{"a":1}', 'call_1=f', 'call_1<{"b":2}']
    expect(
      emittedWith([one, two], (calls) => {
        calls.output(0, one)
        calls.output(1, two)
      }),
    ).toEqual(emitted)
    expect(
      emittedWith([one, two], (calls) => {
        calls.output(1, two)
        calls.output(0, one)
      }),
    ).toEqual(emitted)
  })

  test('may give a call the id of another that it has repeated', () => {
    const emitted = emittedWith([f, call('', 'g', '{"b":2}')], (calls) => {
      calls.output(0, f)
      calls.output(1, call('1', 'g', '{ "b": 2 }'))
    })
    expect(emitted).toEqual(['1=f', '1<{"a":1}', 'call_1=g', 'call_1<{"b":2}'])
  })

  test('may repeat calls in other places and with other ids, in their order', () => {
    const emitted = emittedWith([f, g], (calls) => {
      calls.output(7, call('8', 'f', '{"a":1}'))
      calls.output(8, call('9', 'g', '{"b":2}'))
    })
    expect(emitted).toEqual(both)
  })

  test.each([
    ['another name', call('9', 'g', '{"a":1}'), ['9=g', '9<{"a":1}']],
    ['other arguments', call('9', 'f', '{"b":2}'), ['9=f', '9<{"b":2}']],
  ])('has another call where it has another id, another place and %s', (_what, item, said) => {
    expect(
      emittedWith([f], (calls) => {
        calls.output(7, item)
      }),
    ).toEqual(['1=f', '1<{"a":1}', ...said])
  })

  test('may repeat a call twice: the second is another', () => {
    expect(
      emittedWith([f], (calls) => {
        calls.output(0, f)
        calls.output(1, f)
      }),
    ).toEqual(['1=f', '1<{"a":1}', '1_1=f', '1_1<{"a":1}'])
  })

  test('may leave out all calls, or those that have ended', () => {
    expect(emittedWith([f, g], () => undefined)).toEqual(both)
    expect(
      emittedWith([f, g], (calls) => {
        calls.output(1, g)
      }),
    ).toEqual(both)
    expect(
      emittedWith([], (calls) => {
        calls.piece('#0', '{"a":1}', 'json')
        calls.added('#0', call('1', 'f'))
      }),
    ).toEqual(['1=f', '1<{"a":1}'])
  })

  test('may not leave out a call that has not ended', () => {
    const emitted = emittedWith([], (calls) => {
      calls.added('#0', f)
      calls.output(1, g)
    })
    expect(emitted).toEqual([
      '1=f',
      '2=g',
      '2<{"b":2}',
      'malformed: the answer began a tool call that its end does not repeat',
    ])
  })

  test('may end a call that has not ended', () => {
    const emitted = emittedWith([], (calls) => {
      calls.added('#0', call('1', 'f'))
      calls.output(0, call('1', 'f'))
    })
    expect(emitted).toEqual(['1=f'])
  })
})

describe('at the end of the answer', () => {
  const endOf = (json: string, isCut: boolean, name = 'f'): string[] =>
    emittedBy((calls) => {
      if (name !== '') calls.added('#0', call('1', name))
      calls.piece('#0', json, 'json')
      calls.end(isCut)
    }).slice(name === '' ? 0 : 2)

  test.each(['{}', ' ', '\n', 'null', ' {"a":[1]} '])('a call with %j is whole', (json) => {
    expect(endOf(json, false)).toEqual([])
    expect(endOf(json, true)).toEqual([])
  })

  test.each(['{', '{"a":', '{"a":[1'])(
    'arguments that broke off are truncated, unless the answer is cut: %j',
    (json) => {
      expect(endOf(json, false)).toEqual(['truncated: the arguments of tool call 1 broke off'])
      expect(endOf(json, true)).toEqual([])
    },
  )

  test.each(['x', '{}}', '1', '[1]', '"a"', 'true'])('arguments that are no object are malformed: %j', (json) => {
    const failure = 'malformed: the arguments of tool call 1 are not a JSON object'
    expect(endOf(json, false)).toEqual([failure])
    expect(endOf(json, true)).toEqual([failure])
  })

  test('a call without a name is malformed, unless the answer is cut', () => {
    expect(endOf('{}', false, '')).toEqual([NAMELESS])
    expect(endOf('{}', true, '')).toEqual([])
  })

  test('a call that got its name with the end of its arguments is said', () => {
    expect(
      emittedBy((calls) => {
        calls.inputDone('#0', call('', 'f', '{}'), 'json')
        calls.end(false)
      }),
    ).toEqual(['call_0=f'])
  })

  test('an answer without calls has none', () => {
    expect(
      emittedBy((calls) => {
        calls.piece('#0', '', 'json')
        calls.end(false)
        expect(calls.count).toBe(0)
      }),
    ).toEqual([])
  })
})

test('of all calls without a name, 16 MiB of arguments are held and no more', () => {
  const half = ' '.repeat(8 * 1024 * 1024)
  const held = emittedBy((calls) => {
    calls.piece('#0', half, 'json')
    calls.piece('#1', half, 'json')
    calls.added('#2', call('1', 'f'))
    calls.piece('#2', half, 'json')
    calls.piece('#0', '', 'json')
  })
  expect(held.map((text) => text.trim())).toEqual(['1=f', '1<'])
  const tooMuch = emittedBy((calls) => {
    calls.piece('#0', half, 'json')
    calls.piece('#1', half, 'json')
    calls.piece('#1', ' ', 'json')
  })
  expect(tooMuch).toEqual(['malformed: more than 16777216 characters of arguments came before their name'])
})
