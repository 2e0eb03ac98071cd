import { describe, expect, test } from 'vitest'
import { PendingCall } from '../../src/client/pending-call.ts'

/** What a call with these pieces of arguments emits after its name, by its end; an error is its message, last. */
function emittedFor(...pieces: string[]): unknown[] {
  const emitted: unknown[] = []
  const call = new PendingCall((event) => emitted.push(event))
  call.announce('f', 'a')
  try {
    for (const piece of pieces) call.add(piece)
    call.end()
  } catch (error) {
    emitted.push((error as Error).message)
  }
  return emitted.slice(1)
}

const input = (text: string): object => ({ type: 'tool-input', id: 'a', text })

describe('arguments in a string', () => {
  test.each([[['"{\\"x\\":1}"']], [['"', '{\\"x\\"', ':1}', '"']], [[' "{\\"x\\"', ':1}" ']]])(
    'are emitted at the end, as the object that they are: %j',
    (pieces) => {
      expect(emittedFor(...pieces)).toEqual([input('{"x":1}')])
    },
  )

  test.each(['"a"', '"1"', '"[1]"', '"null"', '""', '"{"'])('that are no object are malformed: %s', (json) => {
    expect(emittedFor(json)).toEqual(['the arguments of tool call a are not an object'])
  })

  test('that broke off are no JSON', () => {
    expect(emittedFor('"{\\"x\\"')).toEqual(['the arguments of tool call a are not JSON'])
  })
})

test('white space at the beginning waits for what follows', () => {
  expect(emittedFor(' ', '\n')).toEqual([])
  expect(emittedFor(' ', 'null')).toEqual([])
  expect(emittedFor(' ', '{}')).toEqual([input(' {}')])
})
