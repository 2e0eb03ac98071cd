import { describe, expect, test } from 'vitest'
import { ToolCalls } from '../../../src/responses/client/tool-calls.ts'

/** An item of the output, as servers send it: an empty text is a field that is left out. */
const call = (id: string, name: string, json: unknown = ''): Readonly<Record<string, unknown>> => ({
  ...(id !== '' && { call_id: id }),
  ...(name !== '' && { name }),
  ...(json !== '' && { arguments: json }),
})

/** What is emitted: `id=name` for a call, `id<json` for arguments. The code and the message of an error come last. */
function emittedBy(use: (calls: ToolCalls) => void): string[] {
  const emitted: string[] = []
  const calls = new ToolCalls((event) => {
    if (event.type === 'tool-call') emitted.push(`${event.id}=${event.name}`)
    else if (event.type === 'tool-input') emitted.push(`${event.id}<${event.json}`)
  })
  try {
    use(calls)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    emitted.push(`${code}: ${message}`)
  }
  return emitted
}

const differs = (id: string): string =>
  `malformed: the pieces of tool call ${id} differ from the whole that the answer repeats`
const NAMELESS = 'malformed: the answer has a tool call without a name'

describe('a call', () => {
  test('is said when it begins, and its arguments as they come', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#0', '{"a"')
      calls.piece('#0', '')
      calls.piece('#0', ':1}')
      calls.end(false)
      expect(calls.count).toBe(1)
    })
    expect(emitted).toEqual(['1=f', '1<{"a"', '1<:1}'])
  })

  test('is said when its name comes, with the arguments that came before', () => {
    const emitted = emittedBy((calls) => {
      calls.piece('#0', '{"a"')
      calls.piece('#0', ':1')
      calls.done('#0', call('1', 'f', '{"a":1}'))
    })
    expect(emitted).toEqual(['1=f', '1<{"a":1}'])
  })

  test('is not said at the end of its arguments, which has a name and no id', () => {
    const emitted = emittedBy((calls) => {
      calls.piece('#0', '{}')
      calls.argumentsDone('#0', call('', 'f', '{}'))
      expect(calls.count).toBe(1)
    })
    expect(emitted).toEqual([])
    expect(
      emittedBy((calls) => {
        calls.piece('#0', '{}')
        calls.argumentsDone('#0', call('', 'f', '{}'))
        calls.done('#0', call('1', '', '{}'))
      }),
    ).toEqual(['1=f', '1<{}'])
  })

  test('of a final response is said at once, where no event was about it', () => {
    const emitted = emittedBy((calls) => {
      calls.output(0, call('1', 'f', '{}'))
      calls.output(1, call('2', 'g'))
    })
    expect(emitted).toEqual(['1=f', '1<{}', '2=g'])
  })

  test('has the arguments of its beginning, unless others come', () => {
    for (const json of ['{"a":1}', { a: 1 }]) {
      const beginning = call('1', 'f', json)
      expect(emittedBy((calls) => (calls.added('#0', beginning), calls.end(false)))).toEqual(['1=f', '1<{"a":1}'])
    }
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f', '{}'))
      calls.piece('#0', '{"a":1}')
      calls.end(false)
    })
    expect(emitted).toEqual(['1=f', '1<{"a":1}'])
  })

  test('without arguments has none', () => {
    for (const none of ['', null]) {
      expect(emittedBy((calls) => (calls.done('#0', call('1', 'f', none)), calls.end(false)))).toEqual(['1=f'])
    }
  })

  test('without an id gets one that begins with the prefix', () => {
    expect(emittedBy((calls) => (calls.added('#0', call('', 'f')), calls.added('#1', call('', 'g'))))).toEqual([
      'call_0=f',
      'call_1=g',
    ])
    const prefixed = emittedBy((calls) => {
      calls.idPrefix = 'x'
      calls.added('#0', call('', 'f'))
    })
    expect(prefixed).toEqual(['x_0=f'])
  })

  test('with the id of another gets one of its own', () => {
    expect(emittedBy((calls) => (calls.added('#0', call('1', 'f')), calls.added('#1', call('1', 'f'))))).toEqual([
      '1=f',
      '1_1=f',
    ])
  })

  test('has one name', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.argumentsDone('#0', call('', 'g', '{}'))
    })
    expect(emitted).toEqual(['1=f', differs('1')])
  })
})

describe('a key', () => {
  test('that is given once more before the end of the call names the same call, unless the id is another', () => {
    const again = (id: string): string[] =>
      emittedBy((calls) => {
        calls.added('#0', call('1', 'f'))
        calls.added('#0', call(id, 'f'))
        calls.piece('#0', '{}')
      })
    expect(again('1')).toEqual(['1=f', '1<{}'])
    expect(again('')).toEqual(['1=f', '1<{}'])
    expect(again('2')).toEqual(['1=f', '2=f', '2<{}'])
  })

  test('that is given once more after the end of the call names another', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.done('#0', call('1', 'f', '{}'))
      calls.added('#0', call('', 'f'))
      calls.piece('#0', '{}')
    })
    expect(emitted).toEqual(['1=f', '1<{}', 'call_1=f', 'call_1<{}'])
  })

  test('names another call where an item with another id ends', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.argumentsDone('#0', call('', '', '{}'))
      calls.done('#0', call('2', 'g', '{"b":2}'))
      calls.done('#0', call('', 'g', '{"b":2}'))
    })
    expect(emitted).toEqual(['1=f', '1<{}', '2=g', '2<{"b":2}'])
  })

  test('that is an id goes on with the last call while that is open, also after another has begun', () => {
    const emitted = emittedBy((calls) => {
      calls.added('x', call('1', 'f'))
      calls.piece('y', '{')
      calls.added('z', call('2', 'g'))
      calls.piece('y', '}')
      calls.piece('z', '{}')
    })
    expect(emitted).toEqual(['1=f', '1<{', '2=g', '1<}', '2<{}'])
  })

  test('that is an id begins a call where there is none, or none that is open', () => {
    expect(
      emittedBy((calls) => {
        calls.piece('x', '{}')
        calls.done('x', call('1', 'f', '{}'))
        calls.piece('y', '{"b"')
        calls.done('y', call('2', 'g', '{"b":2}'))
      }),
    ).toEqual(['1=f', '1<{}', '2=g', '2<{"b":2}'])
  })

  test('that is an index begins a call of its own', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#1', '{"b":2}')
      calls.done('#1', call('2', 'g', '{"b":2}'))
    })
    expect(emitted).toEqual(['1=f', '2=g', '2<{"b":2}'])
  })
})

describe('the whole arguments', () => {
  test('say what the pieces left out', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#0', '{"a"')
      calls.argumentsDone('#0', call('', '', '{"a":1}'))
      calls.done('#0', call('1', 'f', '{"a":1}'))
      calls.output(0, call('1', 'f', '{"a":1}'))
      calls.end(false)
    })
    expect(emitted).toEqual(['1=f', '1<{"a"', '1<:1}'])
  })

  test('may be written otherwise, also as an object', () => {
    for (const json of ['{ "a": 1, "b": 2 }', '{"b":2,"a":1}', { b: 2, a: 1 }]) {
      const emitted = emittedBy((calls) => {
        calls.added('#0', call('1', 'f'))
        calls.piece('#0', '{"a":1,"b":2}')
        calls.done('#0', call('1', 'f', json))
        calls.end(false)
      })
      expect(emitted).toEqual(['1=f', '1<{"a":1,"b":2}'])
    }
  })

  test('that are left out end nothing', () => {
    for (const before of ['', '{"a"']) {
      const emitted = emittedBy((calls) => {
        calls.added('#0', call('1', 'f'))
        calls.piece('#0', before)
        calls.argumentsDone('#0', {})
        calls.piece('#0', ':1}')
      })
      expect(emitted).toEqual(before === '' ? ['1=f', '1<:1}'] : ['1=f', '1<{"a"', '1<:1}'])
    }
  })

  test.each([
    ['differ from the pieces', '{"a":1}', '{"a":2}'],
    ['are shorter than the pieces', '{"a":1}', '{"a"'],
  ])('may not %s', (_what, pieces, whole) => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#0', pieces)
      calls.done('#0', call('1', 'f', whole))
    })
    expect(emitted).toEqual(['1=f', `1<${pieces}`, differs('1')])
  })

  test('may not grow, neither by a piece nor by another whole', () => {
    const grown: ((calls: ToolCalls) => void)[] = [
      (calls) => {
        calls.piece('#0', ' ')
      },
      (calls) => {
        calls.argumentsDone('#0', call('', '', '{}}'))
      },
      (calls) => {
        calls.output(0, call('1', 'f', '{}}'))
      },
    ]
    for (const grow of grown) {
      const emitted = emittedBy((calls) => {
        calls.done('#0', call('1', 'f', '{}'))
        calls.piece('#0', '')
        grow(calls)
      })
      expect(emitted).toEqual(['1=f', '1<{}', differs('1')])
    }
  })
})

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
    expect(emittedWith([f, g], (calls) => (calls.output(7, g), calls.output(8, f)))).toEqual(both)
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
    expect(emittedWith([one, two], (calls) => (calls.output(0, one), calls.output(1, two)))).toEqual(emitted)
    expect(emittedWith([one, two], (calls) => (calls.output(1, two), calls.output(0, one)))).toEqual(emitted)
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
    expect(emittedWith([f], (calls) => (calls.output(0, f), calls.output(1, f)))).toEqual([
      '1=f',
      '1<{"a":1}',
      '1_1=f',
      '1_1<{"a":1}',
    ])
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
        calls.piece('#0', '{"a":1}')
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
      calls.piece('#0', json)
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
        calls.argumentsDone('#0', call('', 'f', '{}'))
        calls.end(false)
      }),
    ).toEqual(['call_0=f', 'call_0<{}'])
  })

  test('an answer without calls has none', () => {
    expect(emittedBy((calls) => (calls.piece('#0', ''), calls.end(false), expect(calls.count).toBe(0)))).toEqual([])
  })
})

test('of all calls without a name, 16 MiB of arguments are held and no more', () => {
  const half = ' '.repeat(8 * 1024 * 1024)
  const held = emittedBy((calls) => {
    calls.piece('#0', half)
    calls.piece('#1', half)
    calls.added('#2', call('1', 'f'))
    calls.piece('#2', half)
    calls.piece('#0', '')
  })
  expect(held.map((text) => text.trim())).toEqual(['1=f', '1<'])
  const tooMuch = emittedBy((calls) => {
    calls.piece('#0', half)
    calls.piece('#1', half)
    calls.piece('#1', ' ')
  })
  expect(tooMuch).toEqual(['malformed: more than 16777216 characters of arguments came before their name'])
})
