import { describe, expect, test } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { toReadableStream } from '../../src/web/to-readable-stream.ts'
import { finish, rejection, start, textEvent } from '../support/providers.ts'
import { answering, endless } from '../support/web.ts'

const answer = [start, textEvent('a'), textEvent('b'), finish]

describe('toReadableStream', () => {
  test('gives every event, in order', async () => {
    expect(await Array.fromAsync(toReadableStream(answering(answer)))).toEqual(answer)
  })

  test('reads no further than its reader does', async () => {
    const { stream, counted } = endless()
    const reader = toReadableStream(stream).getReader()
    expect(counted.yielded).toBe(0)
    for (let reads = 0; reads < 4; reads++) await reader.read()
    expect(counted.yielded).toBe(3)
    await reader.cancel()
  })

  test('a reader that cancels closes the stream', async () => {
    const { stream, counted } = endless()
    const reader = toReadableStream(stream).getReader()
    await reader.read()
    await reader.cancel()
    await counted.closed
    expect(counted.yielded).toBe(0)
  })

  test('fails with the error of the stream', async () => {
    const reason = new ChatError('overloaded', 'later')
    const reader = toReadableStream(answering([start], reason)).getReader()
    await reader.read()
    expect(await rejection(reader.read())).toBe(reason)
  })
})
