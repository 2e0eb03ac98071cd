import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callsFrom, callsOf, calling, type Fragment, named, piece } from '../support/calls.ts'
import { done, read, stream } from '../support/decoding.ts'

const f1 = ['f', { x: 1 }] as const
const g2 = ['g', { y: 2 }] as const

describe('the fragments of calls are told apart', () => {
  test.each<[string, Fragment[], readonly (readonly [string, unknown])[]]>([
    [
      'by name, on one index without ids',
      [named('f', '{"x":1}', { index: 0 }), named('g', '{"y":2}', { index: 0 })],
      [f1, g2],
    ],
    ['by name, without index and ids', [named('f', '{"x":1}'), named('g', '{"y":2}')], [f1, g2]],
    [
      'by name, without index and ids, in pieces',
      [named('f'), piece('{"x"'), piece(':1}'), named('g', '{"y":'), piece('2}')],
      [f1, g2],
    ],
    [
      'by whole arguments, when the names are the same',
      [
        named('f', '{"x":', { index: 0 }),
        piece('1}', { index: 0 }),
        named('f', '', { index: 0 }),
        piece('{"x":2}', { index: 0 }),
      ],
      [f1, ['f', { x: 2 }]],
    ],
    [
      'by whole arguments, when name, id and index are the same',
      [named('f', '{"x":1}', { index: 0, id: 'a' }), named('f', '{"x":2}', { index: 0, id: 'a' })],
      [f1, ['f', { x: 2 }]],
    ],
    [
      'by the pieces that follow a fragment that names the call again',
      [
        named('f', '', { index: 0, id: 'a' }),
        piece('{"x":1}', { index: 0 }),
        named('f', '', { index: 0, id: 'a' }),
        piece('{"x":', { index: 0 }),
        piece('2}', { index: 0 }),
      ],
      [f1, ['f', { x: 2 }]],
    ],
    [
      'by index, when the id is the same',
      [named('f', '{"x":1}', { index: 0, id: 'a' }), named('g', '{"y":2}', { index: 1, id: 'a' })],
      [f1, g2],
    ],
    [
      'by index, when id and name are the same',
      [
        named('f', '', { index: 0, id: 'a' }),
        named('f', '', { index: 1, id: 'a' }),
        piece('{"x":1}', { index: 0 }),
        piece('{"x":2}', { index: 1 }),
      ],
      [f1, ['f', { x: 2 }]],
    ],
    [
      'by index, when the same id is in every fragment',
      [
        named('f', '{"x"', { index: 0, id: 'a' }),
        named('g', '{"y"', { index: 1, id: 'a' }),
        piece(':1}', { index: 0, id: 'a' }),
        piece(':2}', { index: 1, id: 'a' }),
      ],
      [f1, g2],
    ],
    [
      'by index, given as text',
      [named('f', '{"x":', { index: '0' }), named('g', '{"y":2}', { index: '1' }), piece('1}', { index: '0' })],
      [f1, g2],
    ],
    [
      'by id, when the names are the same',
      [named('f', '', { index: 0, id: 'a' }), named('f', '{"x":2}', { index: 0, id: 'b' })],
      [
        ['f', {}],
        ['f', { x: 2 }],
      ],
    ],
    [
      'by id, when only an index that counts fragments goes on',
      [
        named('f', '{"x"', { index: 0, id: 'a' }),
        piece(':1', { index: 1, id: 'a' }),
        piece('}', { index: 2, id: 'a' }),
      ],
      [f1],
    ],
    [
      'by whole arguments, when one id is in the first fragment of each call and the name comes later',
      [
        piece('{"x":1}', { index: 0, id: 'a' }),
        named('f', '', { index: 0 }),
        piece('{"y":', { index: 1, id: 'a' }),
        named('g', '2}', { index: 1 }),
      ],
      [f1, g2],
    ],
    [
      'by index, when one of them changes its id to come back to the id of both',
      [
        named('f', '{"x":', { index: 0, id: 'a' }),
        piece('', { index: 0, id: 'b' }),
        named('g', '{"y":', { index: 1, id: 'a' }),
        piece('1}', { index: 0, id: 'a' }),
        piece('2}', { index: 1, id: 'a' }),
      ],
      [f1, g2],
    ],
    [
      'by id on one index, when a fragment names the first one again',
      [
        named('f', '{"x":1}', { index: 0, id: 'a' }),
        named('g', '{"y":2}', { index: 0, id: 'b' }),
        named('f', '', { index: 0, id: 'a' }),
      ],
      [f1, g2],
    ],
    [
      'by name, when the first has no arguments',
      [named('f', '', { index: 0 }), named('g', '{"y":2}', { index: 0 })],
      [['f', {}], g2],
    ],
    [
      'by the name alone, after whole arguments without an id',
      [named('f', '{"x":1}', { index: 0 }), named('f', '', { index: 0 })],
      [f1, ['f', {}]],
    ],
    [
      'by the first id, when the name comes with it after whole arguments',
      [named('f', '{"x":1}', { index: 0 }), named('f', '', { index: 0, id: 'b' })],
      [f1, ['f', {}]],
    ],
    [
      'by their order: without anything, a piece continues the last call',
      [named('f', '{"x":1}', { id: 'a' }), named('g', '{"y"', { id: 'b' }), piece(':2}')],
      [f1, g2],
    ],
  ])('%s', (_name, fragments, calls) => {
    expect(callsFrom(...fragments)).toEqual(calls)
  })

  test('by position, when a delta has several', () => {
    const body = stream(
      calling(named('f', '{"x"'), named('g', '{"y"')),
      calling(piece(':1}'), piece(':2}')),
      calling(named('f', '{}')),
      done('tool_calls'),
    )
    expect(callsOf(read(body))).toEqual([f1, g2, ['f', {}]])
  })
})

describe('a fragment continues its call', () => {
  test.each<[string, Fragment[]]>([
    [
      'with a new id each time',
      [
        named('f', '', { index: 0, id: 'r1' }),
        piece('{"x":', { index: 0, id: 'r2' }),
        piece('1}', { index: 0, id: 'r3' }),
      ],
    ],
    [
      'with a new id and nothing else, after the whole',
      [named('f', '{"x":1}', { index: 0, id: 'r1' }), piece('', { index: 0, id: 'r2' })],
    ],
    [
      'with the name each time',
      [named('f', '', { index: 0 }), named('f', '{"x"', { index: 0 }), named('f', ':1}', { index: 0 })],
    ],
    [
      'with id and name each time, also after the whole',
      [
        named('f', '{"x"', { index: 0, id: 'a' }),
        named('f', ':1}', { index: 0, id: 'a' }),
        named('f', '', { index: 0, id: 'a' }),
      ],
    ],
    [
      'with the name again after the whole, and an empty piece',
      [named('f', '{"x":1}', { index: 0, id: 'a' }), named('f', '', { index: 0, id: 'a' }), piece('', { index: 0 })],
    ],
    [
      'with the name and without the id that it had',
      [named('f', '{"x"', { index: 0, id: 'a' }), named('f', ':1}', { index: 0 })],
    ],
    [
      'with white space after the whole and without the id that it had',
      [named('f', '{"x":1}', { index: 0, id: 'a' }), piece(' ', { index: 0 }), piece('\n', { index: 0 })],
    ],
    [
      'with an id that comes after the name',
      [named('f', '{"x"', { index: 0 }), named('f', ':1', { index: 0, id: 'a' }), piece('}', { index: 0, id: 'a' })],
    ],
    [
      'with an empty name, an empty id and no index',
      [named('f', '{"x"', { index: 0, id: 'a' }), named('', ':1}', { id: '' })],
    ],
    [
      'with a name that comes after the first arguments',
      [piece('{"x":', { index: 0, id: 'a' }), named('f', '1}', { index: 0 })],
    ],
    [
      'with a name that comes after all arguments',
      [piece('{"x":1}', { index: 0, id: 'a' }), named('f', undefined, { index: 0, id: 'b' })],
    ],
    [
      'with a name that is white space first',
      [named(' ', '{"x":1}', { index: 0, id: 'a' }), named('f', '', { index: 0 })],
    ],
    ['with white space after the whole', [named('f', '{"x":1}', { index: 0 }), piece(' \n', { index: 0 })]],
    ['with null before its arguments', [named('f', null, { index: 0 }), piece('{"x":1}', { index: 0 })]],
    [
      'with the word null before its arguments',
      [named('f', 'null', { index: 0 }), piece(' ', { index: 0 }), piece('{"x":1}', { index: 0 })],
    ],
    ['with its fields beside the id', [{ index: 0, id: 'a', name: 'f', arguments: '{"x":1}' }]],
    ['with arguments as an object', [named('f', { x: 1 }, { index: 0 })]],
  ])('%s', (_name, fragments) => {
    expect(callsFrom(...fragments)).toEqual([f1])
  })

  test('with null as a piece of its own, anywhere inside', () => {
    const pieces = ['{"a":', 'null', ',"b":[', 'null', ',"', 'null', '"]}']
    const fragments = pieces.map((json) => piece(json, { index: 0 }))
    expect(callsFrom(named('f', '', { index: 0 }), ...fragments)).toEqual([['f', { a: null, b: [null, 'null'] }]])
  })

  test.each(['null', ' null', 'n,ull', 'nul,l,\n'])('with the word null alone: no arguments (%j)', (words) => {
    const events = read(
      stream(...[named('f', ''), ...words.split(',').map((one) => piece(one))].map((one) => calling(one)), done()),
    )
    expect(events.events.map(({ type }) => type)).toEqual(['start', 'tool-call', 'finish'])
  })
})

test('any interleaving of the pieces of a well-behaved server gives the calls that it means', () => {
  const args = fc.dictionary(
    fc.string({ maxLength: 3 }),
    fc.json({ maxDepth: 1 }).map((json): unknown => JSON.parse(json)),
    {
      maxKeys: 3,
    },
  )
  const calls = fc.array(
    fc.record({ name: fc.constantFrom('f', 'g'), args, cuts: fc.array(fc.nat(), { maxLength: 4 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  fc.assert(
    fc.property(calls, fc.infiniteStream(fc.nat()), fc.boolean(), (meant, turn, hasIds) => {
      const waiting = meant.map((one, index) => {
        const json = JSON.stringify(one.args)
        const places = [0, ...one.cuts.map((cut) => cut % json.length).sort((a, b) => a - b), json.length]
        const first = named(one.name, '', { index, ...(hasIds && { id: `id${index}` }) })
        return [first, ...places.slice(1).map((to, at) => piece(json.slice(places[at], to), { index }))]
      })
      const chunks: Fragment[] = []
      for (let left = waiting.flat().length; left > 0; left--) {
        const open = waiting.filter(({ length }) => length > 0)
        const next = open[turn.next().value % open.length]?.shift()
        if (next !== undefined) chunks.push(next)
      }
      const order = chunks.filter(({ function: { name } = {} }) => name !== undefined).map(({ index }) => Number(index))
      expect(callsFrom(...chunks)).toEqual(order.map((at) => [meant[at]?.name, meant[at]?.args]))
    }),
  )
})
