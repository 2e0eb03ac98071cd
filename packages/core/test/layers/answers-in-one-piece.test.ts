import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { ChatError } from '../../src/errors.ts'
import { deadlines } from '../../src/layers/deadlines.ts'
import { retry } from '../../src/layers/retry.ts'
import { withModel } from '../../src/layers/with-model.ts'
import { type CallOptions, type EmbedRequest, pipe, type Provider } from '../../src/provider.ts'
import { acme, failure, info, rejection, transports } from '../support/providers.ts'
import { closed, serve } from '../support/servers.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'

const request: EmbedRequest = { model: 'm1', input: ['Hello'] }

type Ask = (call: CallOptions | undefined, model: string) => Promise<number[][]>

/** A provider whose `embed()` and `models()` call a function of the test. */
function answering(ask: Ask): Provider {
  return {
    id: 'local',
    info,
    stream: () => {
      throw new Error('stream() is not used in these tests')
    },
    embed: async ({ model }, call) => ({ vectors: await ask(call, model) }),
    models: async (call) => (await ask(call, '')).map(() => ({ id: 'm1' })),
  }
}

/** Both calls that are answered in one piece. */
const calls: [name: string, ask: (provider: Provider, call?: CallOptions) => Promise<unknown>][] = [
  ['embed', async (provider, call) => provider.embed?.(request, call)],
  ['models', async (provider, call) => provider.models?.(call)],
]

/** Never answers, and ignores its signal. */
const hanging: Ask = () => new Promise<never>(() => undefined)

describe.each(calls)('%s() under deadlines', (_name, ask) => {
  test.each([
    [{ firstTokenMs: 200 }, 200, 'no content within 200 ms (firstTokenMs)'],
    [{ firstTokenMs: 900, totalMs: 300 }, 300, 'no complete answer within 300 ms (totalMs)'],
  ])('%j: a provider that does not answer is a timeout', async (limits, ms, reason) => {
    const clock = new ManualClock()
    const asked = failure(ask(pipe(answering(hanging), deadlines({ ...limits, clock }))), 'timeout')
    await clock.advance(ms)
    const { message, provider } = await asked
    expect([message, provider]).toEqual([`local: ${reason}`, 'local'])
    expect(clock.pending).toBe(0)
  })

  test('a connection that is not open within connectMs is a timeout; after that connectMs no longer applies', async () => {
    const clock = new ManualClock()
    const connecting: Ask = (call) => {
      call?.onConnecting?.()
      return hanging(call, '')
    }
    const late = failure(ask(pipe(answering(connecting), deadlines({ connectMs: 50, clock }))), 'timeout')
    await clock.advance(50)
    expect((await late).message).toBe('local: no connection within 50 ms (connectMs)')
    const connected: Ask = async (call) => {
      call?.onConnecting?.()
      call?.onConnect?.()
      await new Promise<void>((resolve) => clock.after(500, resolve))
      return [[1]]
    }
    const answer = ask(pipe(answering(connected), deadlines({ connectMs: 50, clock })))
    await clock.advance(500)
    await answer
    expect(clock.pending).toBe(0)
  })

  test('a later attempt does not restart the deadlines', async () => {
    const clock = new ManualClock()
    const layered = pipe(answering(hanging), deadlines({ firstTokenMs: 200, clock }))
    const asked = failure(ask(layered, { elapsedMs: 150 }), 'timeout')
    await clock.advance(50)
    await asked
  })

  test("the caller's abort rejects with its reason, and leaves no listener", async () => {
    const controller = new AbortController()
    const asked = rejection(ask(pipe(answering(hanging), deadlines()), { signal: controller.signal }))
    await eventLoopTurn()
    controller.abort('no more')
    expect(await asked).toBe('no more')
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('call options are checked', async () => {
    await expect(ask(pipe(answering(hanging), deadlines()), { sigal: 1 } as never)).rejects.toThrow(
      /Did you mean "signal"/,
    )
  })
})

describe.each(calls)('%s() under retry', (_name, ask) => {
  test('a retryable failure is retried, others are not', async () => {
    const clock = new ManualClock()
    let asked = 0
    const flaky: Ask = () => {
      if (++asked < 3) throw new ChatError('overloaded', 'busy')
      return Promise.resolve([[1]])
    }
    const answer = ask(pipe(answering(flaky), retry({ clock, random: () => 0.5 })))
    await clock.advance(5_000)
    await answer
    expect(asked).toBe(3)
    const refused = pipe(
      answering(() => Promise.reject(new ChatError('auth', `refused ${++asked}`))),
      retry({ clock }),
    )
    expect((await failure(ask(refused), 'auth')).message).toBe('refused 4')
  })

  test('an abort ends the wait with its reason', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const busy = pipe(
      answering(() => Promise.reject(new ChatError('overloaded', 'busy'))),
      retry({ clock }),
    )
    const asked = rejection(ask(busy, { signal: controller.signal }))
    await eventLoopTurn()
    controller.abort('no more')
    expect(await asked).toBe('no more')
    expect(clock.pending).toBe(0)
  })
})

test('withModel() renames the model of an embedding too', async () => {
  const asked: string[] = []
  const noting = answering((_call, model) => {
    asked.push(model)
    return Promise.resolve([[1]])
  })
  await pipe(noting, withModel({ m1: 'other' })).embed?.(request)
  expect(asked).toEqual(['other'])
})

test.each(transports)('over %s, the connection of a silent endpoint is closed', async (_name, open) => {
  const server = await serve(() => undefined)
  const clock = new ManualClock()
  const spec = { models: { path: '/models', read: () => [] } }
  const provider = acme(server.url, { transport: open(), deadlines: { firstTokenMs: 200, clock } }, spec)
  const asked = failure(Promise.resolve(provider.models?.()), 'timeout')
  while (server.requests.length === 0) await eventLoopTurn()
  await clock.advance(200)
  expect((await asked).message).toBe('acme: no content within 200 ms (firstTokenMs)')
  await closed(server.sockets[0])
})
