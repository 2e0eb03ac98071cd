import { describe, expect, test } from 'vitest'
import { SecondAnswer } from '../../src/client/second-answer.ts'

/** The id and the role of a chunk, or a finish reason after chunks without one. */
type Step = 'end' | readonly [id: unknown, role?: unknown]

/** The position of the chunk that begins a second answer; -1 for none. */
function beginsAt(steps: readonly Step[]): number {
  const second = new SecondAnswer()
  return steps.findIndex((step) => {
    if (step !== 'end') return second.begins(step[0], step[1])
    second.hasEnded = true
    return false
  })
}

const said = 'assistant'

describe('a second answer begins with', () => {
  test.each<[string, number, Step[]]>([
    ['the role again and another id', 2, [['a', said], ['a'], ['b', said], ['b']]],
    ['the role again and another id, after a chunk with an empty id', 2, [['a', said], [''], ['b', said]]],
    ['the role again, after the end', 3, [['a', said], ['a'], 'end', ['a', said]]],
    ['the role again, after the end, without ids', 3, [[undefined, said], [undefined], 'end', [undefined, said]]],
    ['another id, after the end', 2, [['a'], 'end', ['b']]],
    [
      'another id, where each chunk has the role and the id was the same',
      2,
      [
        ['a', said],
        ['a', said],
        ['b', said],
      ],
    ],
    [
      'another id, where each chunk has the role and the id was left out after the first',
      2,
      [
        ['a', said],
        [undefined, said],
        ['b', said],
      ],
    ],
    ['another id, where the first id came after the end', 3, [[undefined, said], 'end', ['a', said], ['b', said]]],
  ])('%s', (_name, at, steps) => {
    expect(beginsAt(steps)).toBe(at)
  })
})

describe('a second answer does not begin with', () => {
  test.each<[string, Step[]]>([
    ['another id alone', [['a', said], ['a'], ['b'], ['b']]],
    ['another id alone, where each chunk before had the role', [['a', said], ['a', said], ['b']]],
    ['an id of its own in each chunk, also after the end', [['a', said], ['b'], 'end', ['c'], ['d']]],
    ['a role and an id of its own in each chunk', [['a', said], ['b', said], ['c', said], 'end', ['d', said]]],
    [
      'a role and an id of its own in each chunk, after chunks without an id',
      [
        [undefined, said],
        ['a', said],
        ['b', said],
      ],
    ],
    [
      'a role and an id of its own in each chunk, between empty ids',
      [
        ['a', said],
        ['', said],
        ['b', said],
      ],
    ],
    ['the role again, before the end', [['a', said], ['a'], ['a', said]]],
    ['the first role, after the end', [['a'], 'end', ['a', said]]],
    ['the same role in each chunk, after the end', [['a', said], 'end', ['a', said]]],
    ['no role, an empty role or a null after the end', [['a', said], ['a'], 'end', ['a'], ['a', ''], ['a', null]]],
    ['the first id, after the end', [[''], [undefined], 'end', ['a'], ['a']]],
    ['an id that is a number or null', [[1], 'end', [2], [null], [undefined]]],
  ])('%s', (_name, steps) => {
    expect(beginsAt(steps)).toBe(-1)
  })
})
