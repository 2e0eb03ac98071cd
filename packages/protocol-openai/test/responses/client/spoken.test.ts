import { describe, expect, test } from 'vitest'
import { Spoken } from '../../../src/responses/client/spoken.ts'

/** Two items by their index in the output, as the steps name them. */
const [ONE, TWO] = ['#0', '#1'] as const
const DIFFERS = 'the pieces of the answer differ from the text that it repeats'
const LATE = 'the answer adds to a text after the next one has begun'

/**
 * What these steps say, with a line between two parts of an item; the message of an error comes last. Steps are separated by
 * commas, and each is the name of a method and its arguments; `''` is an empty text.
 */
function saidIn(steps: string, separator = '-'): string[] {
  const said: string[] = []
  const spoken = new Spoken((text) => said.push(text), separator)
  try {
    for (const step of steps.split(', ')) take(spoken, step)
  } catch (error) {
    expect(error).toMatchObject({ code: 'malformed' })
    said.push((error as Error).message)
  }
  return said
}

function take(spoken: Spoken, step: string): void {
  const [method, ...rest] = step.split(' ').map((word) => (word === "''" ? '' : word))
  const [key = '', index = '', text = ''] = rest
  if (method === 'begin') spoken.begin(key)
  else if (method === 'piece') spoken.piece(key, index, text)
  else if (method === 'part') spoken.part(key, index, text)
  else if (method === 'item') spoken.item(key, rest.slice(1))
  else if (method === 'output') spoken.output(rest)
  else if (method === 'end') spoken.end()
  else throw new Error(`no step: ${step}`)
}

describe('pieces', () => {
  test.each<[string, string, string[]]>([
    ['of one part are said as they come', 'piece #0 0 a, piece #0 0 b', ['a', 'b']],
    ['without text say nothing', "piece #0 0 '', piece #0 0 a, piece #0 1 ''", ['a']],
    ['of the next part come after a separator', 'piece #0 0 a, piece #0 1 b', ['a', '-', 'b']],
    ['of the next item have none', 'piece #0 0 a, piece #1 0 b', ['a', 'b']],
    [
      'of a part after the next part has begun are malformed',
      'piece #0 0 a, piece #0 1 b, piece #0 0 c',
      ['a', '-', 'b', LATE],
    ],
    [
      'of an item after the next item has begun are malformed',
      'piece #0 0 a, piece #1 0 b, piece #0 0 c',
      ['a', 'b', LATE],
    ],
    ['after their part are malformed', 'part #0 0 a, piece #0 0 b', ['a', DIFFERS]],
    ['after their item are malformed', 'item #0 a, piece #0 9 b', ['a', DIFFERS]],
    ['after another part are said', 'part #0 0 a, piece #0 1 b', ['a', '-', 'b']],
  ])('%s', (_name, steps, said) => {
    expect(saidIn(steps)).toEqual(said)
  })

  test('of parts without a separator follow each other', () => {
    expect(saidIn('piece #0 0 a, piece #0 1 b', '')).toEqual(['a', 'b'])
    const said: string[] = []
    const spoken = new Spoken((text) => said.push(text))
    spoken.piece(ONE, '0', 'a')
    spoken.piece(ONE, '1', 'b')
    expect(said).toEqual(['a', 'b'])
  })
})

describe('the end of a part', () => {
  test.each<[string, string, string[]]>([
    ['says what no piece said', 'part #0 0 ab', ['ab']],
    ['says what the pieces left out', 'piece #0 0 a, part #0 0 ab', ['a', 'b']],
    ['says nothing when they said all', 'piece #0 0 ab, part #0 0 ab', ['ab']],
    ['without text ends nothing', "part #0 0 '', piece #0 0 a", ['a']],
    ['may come twice', 'part #0 0 ab, part #0 0 ab', ['ab']],
    ['may not grow', 'part #0 0 a, part #0 0 ab', ['a', DIFFERS]],
    ['may not shrink', 'part #0 0 ab, part #0 0 a', ['ab', DIFFERS]],
    ['may not differ', 'piece #0 0 ab, part #0 0 ax', ['ab', DIFFERS]],
    ['after the item is not read', 'item #0 a, part #0 0 x', ['a']],
    ['may come after the next part has begun', 'piece #0 0 a, piece #0 1 b, part #0 0 a', ['a', '-', 'b']],
    ['may not add then', 'piece #0 0 a, piece #0 1 b, part #0 0 ac', ['a', '-', 'b', LATE]],
  ])('%s', (_name, steps, said) => {
    expect(saidIn(steps)).toEqual(said)
  })
})

describe('the end of an item', () => {
  test.each<[string, string, string[]]>([
    ['says what no piece said', 'item #0 a b', ['a', '-', 'b']],
    ['says what the pieces left out', 'piece #0 0 a, item #0 ab c', ['a', 'b', '-', 'c']],
    ['says the parts after the one that was said', 'part #0 0 a, item #0 a b', ['a', '-', 'b']],
    ['says nothing when all is said', 'piece #0 0 ab, item #0 ab', ['ab']],
    ['may cut the text otherwise', "piece #0 0 ab, item #0 a '' b", ['ab']],
    ['may cut it otherwise and add to it', 'piece #0 0 ab, item #0 a bc', ['ab', 'c']],
    ['without text ends nothing', 'piece #0 0 a, item #0, piece #0 0 b', ['a', 'b']],
    ['of empty texts ends nothing', "item #0 '' '', piece #0 0 b", ['b']],
    ['may come twice', 'item #0 a, item #0 a', ['a']],
    ['may not grow', 'item #0 a, item #0 ab', ['a', DIFFERS]],
    ['may not get a part', 'item #0 a, item #0 a b', ['a', DIFFERS]],
    ['may not leave out the end', 'piece #0 0 ab, item #0 a', ['ab', DIFFERS]],
    ['may not differ', 'piece #0 0 ab, item #0 ax', ['ab', DIFFERS]],
    ['may not differ where it is longer', 'piece #0 0 ab, item #0 axc', ['ab', DIFFERS]],
    ['may not add to a part that is whole', 'part #0 0 a, item #0 ab', ['a', DIFFERS]],
    ['is that of its item only', 'piece #0 0 a, piece #1 0 b, item #0 a', ['a', 'b']],
  ])('%s', (_name, steps, said) => {
    expect(saidIn(steps)).toEqual(said)
  })
})

describe('an item', () => {
  test.each<[string, string, string[]]>([
    ['that begins twice is one', 'begin #0, piece #0 0 a, begin #0, piece #0 0 b, item #0 ab', ['a', 'b']],
    ['that begins after its end is another', 'begin #0, item #0 a, begin #0, piece #0 0 b, item #0 b', ['a', 'b']],
    [
      'whose id changes is the same, under both ids',
      'piece x 0 a, piece y 0 b, begin z, piece y 0 c, item x abc',
      ['a', 'b', 'c'],
    ],
    ['whose id changes is the last that began', 'piece x 0 a, begin z, piece y 0 b, item z b, item x a', ['a', 'b']],
    ['whose id changes is the last that spoke', 'begin x, begin z, piece x 0 a, piece y 0 b, item x ab', ['a', 'b']],
    ['with a new id after the end of one is another', 'item x a, piece y 0 b', ['a', 'b']],
    ['with a new index is another', 'piece #0 0 a, piece #1 0 b, item #1 b, item #0 a', ['a', 'b']],
  ])('%s', (_name, steps, said) => {
    expect(saidIn(steps)).toEqual(said)
  })

  test('has spoken once it has said something', () => {
    const spoken = new Spoken(() => undefined)
    expect([spoken.hasSpoken(), spoken.hasSpoken(ONE)]).toEqual([false, false])
    spoken.begin(ONE)
    expect([spoken.hasSpoken(), spoken.hasSpoken(ONE)]).toEqual([false, false])
    spoken.piece(ONE, '0', 'a')
    expect([spoken.hasSpoken(), spoken.hasSpoken(ONE), spoken.hasSpoken(TWO)]).toEqual([true, true, false])
  })
})

describe('the final response', () => {
  test.each<[string, string, string[]]>([
    ['says what no piece said', 'output a b, output c, end', ['a', '-', 'b', 'c']],
    ['says nothing when all is said', 'piece #0 0 a, piece #1 0 b, output a, output b, end', ['a', 'b']],
    ['may cut the items otherwise', 'piece #0 0 a, piece #1 0 b, output ab, end', ['a', 'b']],
    [
      'says the rest of the last item',
      'piece #0 0 a, piece #1 0 b, output a, output bc d, end',
      ['a', 'b', 'c', '-', 'd'],
    ],
    [
      'says items that were not said',
      'piece #0 0 a, piece #1 0 b, output a, output b, output c, output d, end',
      ['a', 'b', 'c', 'd'],
    ],
    ['may leave out all', 'piece #0 0 a, piece #1 0 b, end', ['a', 'b']],
    ['may leave out all in items without text', "piece #0 0 a, piece #1 0 b, output, output '', end", ['a', 'b']],
    ['may not leave out the end', 'piece #0 0 a, piece #1 0 b, output a, end', ['a', 'b', DIFFERS]],
    ['may not differ', 'piece #0 0 a, piece #1 0 b, output b', ['a', 'b', DIFFERS]],
    ['may not differ where it is longer', 'piece #0 0 a, piece #1 0 b, output acd', ['a', 'b', DIFFERS]],
    ['may not add to a whole item', 'item #0 a, output ab', ['a', DIFFERS]],
    ['may not add to a whole part', 'part #0 0 a, output ab', ['a', DIFFERS]],
    ['may add an item after a whole one', 'item #0 a, output a, output b, end', ['a', 'b']],
  ])('%s', (_name, steps, said) => {
    expect(saidIn(steps)).toEqual(said)
  })
})
