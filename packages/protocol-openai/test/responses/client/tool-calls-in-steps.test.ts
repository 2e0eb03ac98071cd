import { describe, expect, test } from 'vitest'
import type { ToolCalls } from '../../../src/responses/client/tool-calls.ts'
import { call, differs, emittedBy } from './calls-said.ts'

describe('a call', () => {
  test('is said when it begins, and its arguments as they come', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#0', '{"a"', 'json')
      calls.piece('#0', '', 'json')
      calls.piece('#0', ':1}', 'json')
      calls.end(false)
      expect(calls.count).toBe(1)
    })
    expect(emitted).toEqual(['1=f', '1<{"a"', '1<:1}'])
  })

  test('is said when its name comes, with the arguments that came before', () => {
    const emitted = emittedBy((calls) => {
      calls.piece('#0', '{"a"', 'json')
      calls.piece('#0', ':1', 'json')
      calls.done('#0', call('1', 'f', '{"a":1}'))
    })
    expect(emitted).toEqual(['1=f', '1<{"a":1}'])
  })

  test('is not said at the end of its arguments, which has a name and no id', () => {
    const emitted = emittedBy((calls) => {
      calls.piece('#0', '{}', 'json')
      calls.inputDone('#0', call('', 'f', '{}'), 'json')
      expect(calls.count).toBe(1)
    })
    expect(emitted).toEqual([])
    expect(
      emittedBy((calls) => {
        calls.piece('#0', '{}', 'json')
        calls.inputDone('#0', call('', 'f', '{}'), 'json')
        calls.done('#0', call('1', '', '{}'))
      }),
    ).toEqual(['1=f', '1<{}'])
  })

  test('of a final response is said at once, where no event was about it', () => {
    const emitted = emittedBy((calls) => {
      calls.output(0, call('1', 'f', '{}'))
      calls.output(1, call('2', 'g'))
    })
    expect(emitted).toEqual(['1=f', '2=g'])
  })

  test('has the arguments of its beginning, unless others come', () => {
    for (const json of ['{"a":1}', { a: 1 }]) {
      const beginning = call('1', 'f', json)
      expect(
        emittedBy((calls) => {
          calls.added('#0', beginning)
          calls.end(false)
        }),
      ).toEqual(['1=f', '1<{"a":1}'])
    }
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f', '{}'))
      calls.piece('#0', '{"a":1}', 'json')
      calls.end(false)
    })
    expect(emitted).toEqual(['1=f', '1<{"a":1}'])
  })

  test('without arguments has none', () => {
    for (const none of ['', null]) {
      expect(
        emittedBy((calls) => {
          calls.done('#0', call('1', 'f', none))
          calls.end(false)
        }),
      ).toEqual(['1=f'])
    }
  })

  test('without an id gets one that begins with the prefix', () => {
    expect(
      emittedBy((calls) => {
        calls.added('#0', call('', 'f'))
        calls.added('#1', call('', 'g'))
      }),
    ).toEqual(['call_0=f', 'call_1=g'])
    const prefixed = emittedBy((calls) => {
      calls.idPrefix = 'x'
      calls.added('#0', call('', 'f'))
    })
    expect(prefixed).toEqual(['x_0=f'])
  })

  test('with the id of another gets one of its own', () => {
    expect(
      emittedBy((calls) => {
        calls.added('#0', call('1', 'f'))
        calls.added('#1', call('1', 'f'))
      }),
    ).toEqual(['1=f', '1_1=f'])
  })

  test('has one name', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.inputDone('#0', call('', 'g', '{}'), 'json')
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
        calls.piece('#0', '{}', 'json')
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
      calls.piece('#0', '{}', 'json')
    })
    expect(emitted).toEqual(['1=f', 'call_1=f', 'call_1<{}'])
  })

  test('names another call where an item with another id ends', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.inputDone('#0', call('', '', '{}'), 'json')
      calls.done('#0', call('2', 'g', '{"b":2}'))
      calls.done('#0', call('', 'g', '{"b":2}'))
    })
    expect(emitted).toEqual(['1=f', '2=g', '2<{"b":2}'])
  })

  test('that is an id goes on with the last call while that is open, also after another has begun', () => {
    const emitted = emittedBy((calls) => {
      calls.added('x', call('1', 'f'))
      calls.piece('y', '{', 'json')
      calls.added('z', call('2', 'g'))
      calls.piece('y', '}', 'json')
      calls.piece('z', '{}', 'json')
    })
    expect(emitted).toEqual(['1=f', '1<{', '2=g', '1<}', '2<{}'])
  })

  test('that is an id begins a call where there is none, or none that is open', () => {
    expect(
      emittedBy((calls) => {
        calls.piece('x', '{}', 'json')
        calls.done('x', call('1', 'f', '{}'))
        calls.piece('y', '{"b"', 'json')
        calls.done('y', call('2', 'g', '{"b":2}'))
      }),
    ).toEqual(['1=f', '1<{}', '2=g', '2<{"b":2}'])
  })

  test('that is an index begins a call of its own', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#1', '{"b":2}', 'json')
      calls.done('#1', call('2', 'g', '{"b":2}'))
    })
    expect(emitted).toEqual(['1=f', '2=g', '2<{"b":2}'])
  })
})

describe('the whole arguments', () => {
  test('say what the pieces left out', () => {
    const emitted = emittedBy((calls) => {
      calls.added('#0', call('1', 'f'))
      calls.piece('#0', '{"a"', 'json')
      calls.inputDone('#0', call('', '', '{"a":1}'), 'json')
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
        calls.piece('#0', '{"a":1,"b":2}', 'json')
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
        calls.piece('#0', before, 'json')
        calls.inputDone('#0', {}, 'json')
        calls.piece('#0', ':1}', 'json')
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
      calls.piece('#0', pieces, 'json')
      calls.done('#0', call('1', 'f', whole))
    })
    expect(emitted).toEqual(['1=f', `1<${pieces}`, differs('1')])
  })

  test('may not grow, neither by a piece nor by another whole', () => {
    const grown: ((calls: ToolCalls) => void)[] = [
      (calls) => {
        calls.piece('#0', ' ', 'json')
      },
      (calls) => {
        calls.inputDone('#0', call('', '', '{}}'), 'json')
      },
      (calls) => {
        calls.output(0, call('1', 'f', '{}}'))
      },
    ]
    for (const grow of grown) {
      const emitted = emittedBy((calls) => {
        calls.done('#0', call('1', 'f', '{}'))
        calls.piece('#0', '', 'json')
        grow(calls)
      })
      expect(emitted).toEqual(['1=f', differs('1')])
    }
  })
})
