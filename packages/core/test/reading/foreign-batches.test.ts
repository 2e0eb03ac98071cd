import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Batches, DONE } from '../../src/batches.ts'
import type { ChatEvent } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { CheckedBatches } from '../../src/reading/checked-batches.ts'
import { ownReason, partialOf } from '../../src/reading/partial.ts'
import { failure, finish, rejection, start, textEvent } from '../support/providers.ts'

describe('the batches of another author', () => {
  /** Reads these batches in turn, then waits for ever. */
  class Script implements Batches {
    reads = 0
    closes = 0
    readonly pending = Promise.withResolvers<IteratorResult<readonly ChatEvent[], undefined>>()
    readonly #steps: (readonly ChatEvent[] | Error | 'end')[]

    constructor(...steps: (readonly ChatEvent[] | Error | 'end')[]) {
      this.#steps = steps
    }

    next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
      const step = this.#steps[this.reads++]
      if (step === undefined) return this.pending.promise
      if (step instanceof Error) return Promise.reject(step)
      return Promise.resolve(step === 'end' ? DONE : { done: false, value: step })
    }

    close(): void {
      this.closes++
    }
  }
  const checked = (script: Script, signal?: AbortSignal): Batches => new CheckedBatches(script, signal)
  const half = [start, textEvent('half')]
  const whole = [...half, finish]

  beforeEach(() => {
    vi.useFakeTimers()
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  test('are passed on as they are, and nothing is read after the end', async () => {
    const script = new Script(half, [textEvent(' more'), finish], 'end')
    const batches = checked(script)
    expect(await batches.next()).toEqual({ done: false, value: half })
    expect(await batches.next()).toEqual({ done: false, value: [textEvent(' more'), finish] })
    expect(await batches.next()).toEqual(DONE)
    expect(script).toMatchObject({ reads: 3, closes: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that do not end after their finish are closed', async () => {
    const script = new Script(whole)
    const read = checked(script).next()
    await vi.runAllTimersAsync()
    expect(await read).toEqual({ done: false, value: whole })
    expect(script.closes).toBe(1)
  })

  test('may take a tenth of a second to end after their finish', async () => {
    const script = new Script(whole)
    let isRead = false
    const read = checked(script)
      .next()
      .finally(() => (isRead = true))
    await vi.advanceTimersByTimeAsync(99)
    expect([script.closes, isRead]).toEqual([0, false])
    await vi.advanceTimersByTimeAsync(1)
    expect([script.closes, isRead]).toEqual([1, true])
    expect(await read).toEqual({ done: false, value: whole })
  })

  test('that go on with an empty batch after their finish are whole, and closed', async () => {
    const script = new Script(whole, [])
    expect(await checked(script).next()).toEqual({ done: false, value: whole })
    expect(script).toMatchObject({ reads: 2, closes: 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('whose close throws are closed all the same', async () => {
    const script = new Script()
    script.close = () => {
      throw new Error('no')
    }
    const batches = checked(script)
    const read = batches.next()
    expect(() => {
      batches.close()
    }).not.toThrow()
    expect(await read).toEqual(DONE)
  })

  test('that fail after their finish are whole', async () => {
    expect(await checked(new Script(whole, new Error('late'))).next()).toEqual({ done: false, value: whole })
  })

  test.each([
    ['in the batch of the finish', [[...whole, textEvent('more')]]],
    ['in the next batch', [whole, [textEvent('more')]]],
  ])('that go on after their finish are malformed: %s', async (_name, steps) => {
    expect(await rejection(checked(new Script(...steps)).next())).toMatchObject({
      code: 'malformed',
      message: 'local: the stream went on with "text" after its finish event',
      provider: 'local',
      partial: { text: 'half' },
    })
  })

  test('that end without a finish are truncated, with a partial answer only after content', async () => {
    const message = 'the stream ended without a finish event'
    const unnamed = await failure(checked(new Script('end')).next(), 'truncated')
    expect([unnamed.message, unnamed.provider, unnamed.partial]).toEqual([message, undefined, undefined])
    const named = checked(new Script([start], 'end'))
    await named.next()
    const { message: words, partial } = await failure(named.next(), 'truncated')
    expect([words, partial]).toEqual([`local: ${message}`, undefined])
    const cut = checked(new Script(half, 'end'))
    await cut.next()
    expect(await failure(cut.next(), 'truncated')).toMatchObject({ provider: 'local', partial: { text: 'half' } })
  })

  test('that are closed are not read', async () => {
    const script = new Script(half)
    const batches = checked(script)
    batches.close()
    expect(await batches.next()).toEqual(DONE)
    expect(script).toMatchObject({ reads: 0, closes: 1 })
  })

  test('that are closed during a read end it, with nothing, whatever it gives', async () => {
    for (const value of [undefined, DONE, { done: false, value: half } as const]) {
      const script = new Script()
      const batches = checked(script)
      const read = batches.next()
      if (value !== undefined) script.pending.resolve(value)
      batches.close()
      expect(await read).toEqual(DONE)
    }
  })

  describe('that fail', () => {
    const failed = async (error: Error, first: readonly ChatEvent[] = half): Promise<unknown> => {
      const batches = checked(new Script(first, error))
      await batches.next()
      return rejection(batches.next())
    }

    test('before content keep their error as it is', async () => {
      const error = new ChatError('network', 'down')
      expect(await failed(error, [start])).toBe(error)
      expect(error.partial).toBeUndefined()
      expect(partialOf(await failed(new Error('down'), [start]))).toBeUndefined()
    })

    test('keep an error of another kind, with the answer so far', async () => {
      const error = new Error('down')
      expect(await failed(error)).toBe(error)
      expect(partialOf(error)?.text).toBe('half')
    })

    test('with one error for several readers give each its own answer', async () => {
      const details = { provider: 'x', status: 503, retryAfterMs: 7, attempts: [] }
      const error = new ChatError('overloaded', 'busy', details)
      expect(await failed(error)).toBe(error)
      const second = await failed(error, [start, textEvent('other')])
      expect(second).not.toBe(error)
      expect(second).toMatchObject({ code: 'overloaded', message: 'busy', ...details, cause: error })
      expect([partialOf(error)?.text, partialOf(second)?.text]).toEqual(['half', 'other'])
    })

    test('when they are aborted fail with the reason, which gets the answer only if it was made for this stream', async () => {
      const own = ownReason(new ChatError('timeout', 'too slow'))
      const early = ownReason(new ChatError('timeout', 'too slow'))
      const callers = new ChatError('timeout', 'too slow')
      const reasons: [ChatError, readonly ChatEvent[], string | undefined][] = [
        [own, half, 'half'],
        [early, [start], undefined],
        [callers, half, undefined],
      ]
      for (const [reason, first, partial] of reasons) {
        const controller = new AbortController()
        const batches = checked(new Script(first), controller.signal)
        await batches.next()
        const read = batches.next()
        controller.abort(reason)
        expect(await rejection(read)).toBe(reason)
        expect(partialOf(reason)?.text).toBe(partial)
      }
    })
  })
})
