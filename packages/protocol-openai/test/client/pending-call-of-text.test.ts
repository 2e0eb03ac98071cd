import { describe, expect, test } from 'vitest'
import { PendingCall } from '../../src/client/pending-call.ts'

/** A call, and what it has emitted. */
function pending({ isText = true } = {}): { call: PendingCall; emitted: unknown[] } {
  const emitted: unknown[] = []
  const call = new PendingCall((event) => emitted.push(event))
  call.isText = isText
  return { call, emitted }
}

describe('a call whose input is text', () => {
  test.each([['not JSON'], ['{'], ['"a'], ['null'], ['n'], ['1'], [' \n']])(
    'says so with its name, and has its input as it came: %j',
    (text) => {
      const { call, emitted } = pending()
      call.announce('f', 'a')
      call.add(text)
      call.end()
      expect(emitted).toEqual([
        { type: 'tool-call', id: 'a', name: 'f', format: 'text' },
        { type: 'tool-input', id: 'a', text },
      ])
    },
  )

  test.each(['null', '{', '{}'])('is neither open nor whole, whatever it looks like: %j', (text) => {
    const { call } = pending()
    call.add(text)
    expect(call).toMatchObject({ isOpen: false, isWhole: false })
  })

  test('keeps the word null before the rest of its text', () => {
    const { call, emitted } = pending()
    call.add('null')
    call.add(' and void')
    call.announce('f', 'a')
    expect(emitted.slice(1)).toEqual([{ type: 'tool-input', id: 'a', text: 'null and void' }])
  })

  test('is malformed when no name comes', () => {
    const { call } = pending()
    call.add('a')
    expect(() => {
      call.end()
    }).toThrow(expect.objectContaining({ code: 'malformed', message: 'a tool call has arguments and no name' }))
  })
})

test('a call whose input is JSON has no format', () => {
  const { call, emitted } = pending({ isText: false })
  call.announce('f', 'a')
  expect(emitted).toStrictEqual([{ type: 'tool-call', id: 'a', name: 'f' }])
})

test('a call is held while something has come that is not emitted', () => {
  const { call } = pending({ isText: false })
  expect(call.isHeld).toBe(false)
  call.add('nul')
  expect(call.isHeld).toBe(true)
  call.announce('f', 'a')
  expect(call.isHeld).toBe(true)
  call.add('l')
  call.add('{}')
  expect(call.isHeld).toBe(false)
})
