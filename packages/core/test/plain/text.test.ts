import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { chat } from '../../src/plain/chat.ts'
import type { Provider } from '../../src/provider.ts'
import { partialOf } from '../../src/reading/partial.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { failure, finish, rejection, start, textEvent } from '../support/providers.ts'
import { breaks, cut, fails, read, says, scripted } from './support.ts'

const plain = (provider: ReturnType<typeof scripted>) => chat(provider, { retry: { backoffMs: 0 } })

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeEach(() => process.on('unhandledRejection', note))
afterEach(() => {
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

describe('text()', () => {
  test('gives the text piece by piece, and then the result', async () => {
    const provider = scripted(says('Hel', 'lo'))
    const answer = plain(provider).text('Hello')
    expect(await read(answer)).toEqual(['Hel', 'lo'])
    await expect(answer.result).resolves.toMatchObject({ text: 'Hello', reason: 'stop' })
    expect(provider.requests).toHaveLength(1)
  })

  test('sends nothing before the first read', async () => {
    const provider = scripted(says('Hello'))
    plain(provider).text('Hello')
    await eventLoopTurn()
    expect(provider.requests).toHaveLength(0)
  })

  test('survives a failure before the first piece', async () => {
    const provider = scripted(fails(new ChatError('overloaded', 'busy')), says('Hello'))
    expect(await read(plain(provider).text('Hello'))).toEqual(['Hello'])
  })

  test('throws at a break: delivered text is never taken back, and no attempt is wasted on it', async () => {
    const provider = scripted(breaks('Hal'), says('Hello'))
    const answer = chat(provider, { retry: { backoffMs: 0 }, onBreak: ['restart'] }).text('Hello')
    const error = await failure(read(answer), 'truncated')
    expect(error.partial?.text).toBe('Hal')
    expect(provider.requests).toHaveLength(1)
    expect(await rejection(answer.result)).toBe(error)
  })

  test('a failure whose result nobody reads ends no process', async () => {
    await failure(read(plain(scripted(breaks('Hal'))).text('Hello')), 'truncated')
    await eventLoopTurn()
  })

  test('a reader who leaves closes the stream, and the result says so, with what had arrived', async () => {
    const provider = scripted(says('Hel', 'lo'))
    const answer = plain(provider).text('Hello')
    for await (const piece of answer) if (piece === 'Hel') break
    expect(provider.open()).toBe(0)
    const reason = await rejection(answer.result)
    expect(reason).toMatchObject({ name: 'AbortError' })
    expect(partialOf(reason)?.text).toBe('Hel')
  })

  test('can be read once', async () => {
    const answer = plain(scripted(says('Hello'))).text('Hello')
    await read(answer)
    expect(() => answer[Symbol.asyncIterator]()).toThrow('already has a reader')
  })
})

describe('result, read first', () => {
  test('reads the answer, and survives a cut', async () => {
    const provider = scripted(breaks('Hal'), says('Hello'))
    await expect(plain(provider).text('Hello').result).resolves.toMatchObject({ text: 'Hello' })
    expect(provider.requests).toHaveLength(2)
  })

  test('calls the provider once, whoever reads: a group that takes turns takes one', async () => {
    const provider = scripted(says('Hello'))
    let calls = 0
    const counted: Provider = { ...provider, stream: (...args) => (calls++, provider.stream(...args)) }
    const { text, run } = chat(counted)
    await text('Hello').result
    await run('Hello', { tools: [] }).result
    expect(calls).toBe(2)
  })

  test('asks what was asked at the call, whatever its caller changes meanwhile', async () => {
    const provider = scripted(says('Hello'))
    const messages = [{ role: 'user' as const, content: 'Hello' }]
    const answer = plain(provider).text({ messages })
    messages.push({ role: 'user', content: 'And then?' })
    await answer.result
    expect(provider.requests[0]?.messages).toEqual([{ role: 'user', content: 'Hello' }])
  })

  test('and then the pieces: one request, and the text as it comes', async () => {
    const provider = scripted(says('Hel', 'lo'))
    const answer = plain(provider).text('Hello')
    const result = answer.result
    expect((await read(answer)).join('')).toBe('Hello')
    await expect(result).resolves.toMatchObject({ text: 'Hello' })
    expect(provider.requests).toHaveLength(1)
  })

  test('a break before the first piece is delivered is not seen by the iteration', async () => {
    const provider = scripted(breaks('Hal'), says('Hello'))
    const answer = plain(provider).text('Hello')
    await answer.result
    expect((await read(answer)).join('')).toBe('Hello')
  })

  test('a break after it fails the iteration and not the result', async () => {
    const gate = Promise.withResolvers<undefined>()
    const provider = scripted(breaks('Hal'), says('Hello'))
    let asked = 0
    const slow: Provider = {
      ...provider,
      async *stream(request, call) {
        if (++asked === 1) {
          yield start
          yield textEvent('Hal')
          await gate.promise
          throw cut()
        }
        yield* provider.stream(request, call)
      },
    }
    const answer = chat(slow, { retry: { backoffMs: 0 } }).text('Hello')
    const { result } = answer
    const pieces = answer[Symbol.asyncIterator]()
    expect(await pieces.next()).toEqual({ done: false, value: 'Hal' })
    gate.resolve(undefined)
    const error = await failure(Promise.resolve(pieces.next()), 'truncated')
    expect(error.message).toContain('the answer starts over')
    await expect(result).resolves.toMatchObject({ reason: 'stop' })
  })

  test('leaving the iteration does not stop the result', async () => {
    const provider = scripted(says('Hel', 'lo'))
    const answer = plain(provider).text('Hello')
    const { result } = answer
    for await (const _piece of answer) break
    await expect(result).resolves.toMatchObject({ text: 'Hello' })
  })

  test('rejects as the iteration does, whoever reads which', async () => {
    const answer = plain(scripted(fails(new ChatError('auth', 'wrong key')))).text('Hello')
    const { result } = answer
    const error = await failure(read(answer), 'auth')
    expect(await rejection(result)).toBe(error)
  })

  test('is the same promise each time', async () => {
    const provider = scripted({ events: [start, textEvent('Hi'), finish] })
    const answer = plain(provider).text('Hello')
    expect(await answer.result).toBe(await answer.result)
    expect(provider.requests).toHaveLength(1)
  })
})
