import type { DecodedEvent } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { PendingCall } from '../../src/client/pending-call.ts'

/** A call, and what it has emitted: arguments as they are, the call itself as its id and its name. */
function pending(): { call: PendingCall; emitted: string[] } {
  const emitted: string[] = []
  const call = new PendingCall((event: DecodedEvent) => {
    if (event.type === 'tool-call') emitted.push(`${event.id}=${event.name}`)
    else if (event.type === 'tool-input') emitted.push(event.id + event.text)
  })
  return { call, emitted }
}

/** What a call with a name emits for each piece of its arguments. */
function emittedFor(...pieces: string[]): string[] {
  const { call, emitted } = pending()
  call.announce('f', '#')
  for (const piece of pieces) call.add(piece)
  return emitted.slice(1)
}

describe('a call', () => {
  test('emits its id and name, then each piece of its arguments', () => {
    const { call, emitted } = pending()
    call.announce('f', '#')
    expect(emitted).toEqual(['#=f'])
    call.add('{"x"')
    call.add(':1}')
    expect(emitted).toEqual(['#=f', '#{"x"', '#:1}'])
    expect(call.json).toBe('{"x":1}')
    expect(call.name).toBe('f')
  })

  test('holds its arguments until its name comes', () => {
    const { call, emitted } = pending()
    call.add('{"x"')
    call.add(':1')
    expect(emitted).toEqual([])
    expect(call.json).toBe('{"x":1')
    expect(call.heldCharacters).toBe(6)
    call.announce('f', '#')
    expect(emitted).toEqual(['#=f', '#{"x":1'])
    expect(call.heldCharacters).toBe(0)
    call.add('}')
    expect(emitted).toEqual(['#=f', '#{"x":1', '#}'])
  })

  test('knows whether its arguments are open or whole', () => {
    const { call } = pending()
    expect(call).toMatchObject({ isOpen: false, isWhole: false })
    call.add('{')
    expect(call).toMatchObject({ isOpen: true, isWhole: false })
    call.add('}')
    expect(call).toMatchObject({ isOpen: false, isWhole: true })
  })
})

describe('pieces are emitted as they come', () => {
  test.each([
    ['null inside arguments', ['[', 'null', ',', 'nul', 'l', ']']],
    ['null at the end of a piece', ['[null', ', null', ']']],
    ['white space inside arguments', ['{', ' ', '\n}']],
    ['a value that begins like null and is not', ['nil']],
    ['a value that ends like null', ['ull']],
  ])('%s', (_name, pieces) => {
    expect(emittedFor(...pieces)).toEqual(pieces.map((piece) => `#${piece}`))
  })

  test('but an empty piece is not', () => {
    expect(emittedFor('', '{', '', '}', '')).toEqual(['#{', '#}'])
  })
})

describe('the word null in place of arguments', () => {
  test.each([[['null']], [['n', 'ul', 'l']], [[' null', '\n']], [['null', 'null']], [['null ', ' ', 'null']]])(
    'is not emitted, and does not count as waiting for the name: %j',
    (pieces) => {
      const { call, emitted } = pending()
      for (const piece of pieces) call.add(piece)
      call.announce('f', '#')
      expect(emitted).toEqual(['#=f'])
      expect(call.heldCharacters).toBe(0)
      expect(emittedFor(...pieces)).toEqual([])
    },
  )

  test.each([
    [['null', '{}']],
    [[' null\n', '{}']],
    [['nu', 'll', '{}']],
    [['null', ' ', '{}']],
    [['null', 'null', '{}']],
  ])('is left out before arguments: %j', (pieces) => {
    expect(emittedFor(...pieces)).toEqual(['#{}'])
  })

  test('is left out before arguments whose name is still to come', () => {
    const { call, emitted } = pending()
    call.add('null')
    call.add('{"x"')
    expect(call).toMatchObject({ isOpen: true, isWhole: false, json: '{"x"', heldCharacters: 4 })
    call.announce('f', '#')
    expect(emitted).toEqual(['#=f', '#{"x"'])
  })

  test.each([[['nu', 'x']], [['nul', '{}']]])('is not what begins like it: %j', (pieces) => {
    expect(emittedFor(...pieces)).toEqual([`#${pieces.join('')}`])
  })
})

describe('at its end', () => {
  const endOf = (json: string, name?: string): (() => void) => {
    const { call } = pending()
    if (name !== undefined) call.announce(name, 'a')
    call.add(json)
    return () => {
      call.end()
    }
  }

  test.each(['', ' ', '{}', ' {"x":[1,"}"]}\n', '[]', 'null', ' null '])('a call with %j is whole', (json) => {
    expect(endOf(json, 'f')).not.toThrow()
  })

  test.each(['{', '{"x":', '[1', ' {"x":"}'])('arguments that broke off are truncated: %j', (json) => {
    expect(endOf(json, 'f')).toThrow(
      expect.objectContaining({ code: 'truncated', message: 'the arguments of tool call a broke off' }),
    )
  })

  test.each(['x', '{}}', '{x:', 'nul', '{"x":1}null'])('arguments that are not JSON are malformed: %j', (json) => {
    expect(endOf(json, 'f')).toThrow(
      expect.objectContaining({ code: 'malformed', message: 'the arguments of tool call a are not JSON' }),
    )
  })

  test.each(['1', 'true', '"a"'])('arguments that are no object are malformed: %j', (json) => {
    expect(endOf(json, 'f')).toThrow(
      expect.objectContaining({ code: 'malformed', message: 'the arguments of tool call a are not an object' }),
    )
  })

  test.each(['{}', '1', '{'])('arguments without a name are malformed: %j', (json) => {
    expect(endOf(json)).toThrow(
      expect.objectContaining({ code: 'malformed', message: 'a tool call has arguments and no name' }),
    )
  })

  test.each(['', ' ', 'null', ' null\n'])('neither a name nor arguments are no call: %j', (json) => {
    expect(endOf(json)).not.toThrow()
  })
})
