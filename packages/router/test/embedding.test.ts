import {
  type AttemptReport,
  type CallOptions,
  deadlines,
  type EmbedRequest,
  type EmbedResult,
  type ErrorCode,
  pipe,
  type Provider,
} from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { describe, expect, it, vi } from 'vitest'
import { balance, failover } from '../src/index.ts'
import { failure, member } from './support/members.ts'

const REQUEST: EmbedRequest = { model: 'm', input: ['Hello'] }
const VECTORS: EmbedResult = { vectors: [[1, 2]] }

/** A member with vectors, or with what it throws instead. */
function embedder(id: string, answer: EmbedResult | Error, asked: string[] = []): Provider {
  return {
    ...member(id),
    async embed() {
      asked.push(id)
      if (answer instanceof Error) throw answer
      return answer
    },
  }
}

describe('embed() of a group', () => {
  it('is there when a member has it, and passes over those that have none and those that fail', async () => {
    expect('embed' in failover([member('a')])).toBe(false)
    const asked: string[] = []
    const members = [
      member('chat only'),
      embedder('down', failure('overloaded'), asked),
      embedder('unable', new TypeError('no dimensions'), asked),
      embedder('sound', VECTORS, asked),
    ]
    await expect(failover(members).embed?.(REQUEST)).resolves.toBe(VECTORS)
    expect(asked).toEqual(['down', 'unable', 'sound'])
  })

  it('passes over a member that can not be reached, or gives other vectors than were asked for', async () => {
    const giving = (result: unknown): Provider => embedder('odd', result as EmbedResult)
    const odd = [undefined, 'x', {}, { vectors: [] }, { vectors: [[1], [2]] }, { vectors: 1 }].map(giving)
    const unreachable = embedder('unreachable', new TypeError('fetch failed'))
    await expect(failover([...odd, unreachable, embedder('sound', VECTORS)]).embed?.(REQUEST)).resolves.toBe(VECTORS)
    for (const each of odd) await expect(failover([each]).embed?.(REQUEST)).rejects.toMatchObject({ code: 'malformed' })
    await expect(failover([unreachable]).embed?.(REQUEST)).rejects.toMatchObject({ code: 'network' })
  })

  it('goes by the policy', async () => {
    const asked: string[] = []
    const group = balance([embedder('a', VECTORS, asked), embedder('b', VECTORS, asked)], { by: 'round-robin' })
    for (let count = 0; count < 4; count++) await group.embed?.(REQUEST)
    expect(asked.join('')).toBe('abab')
  })

  it('throws exhausted with each error, the only one as it is, the caller’s mistake, and what does not move on', async () => {
    const down = [embedder('a', failure('network')), embedder('b', failure('auth')), embedder('c', new TypeError('no'))]
    await expect(failover(down).embed?.(REQUEST)).rejects.toMatchObject({
      code: 'exhausted',
      attempts: [{ code: 'network' }, { code: 'auth' }, { code: 'unsupported', message: 'no' }],
    })
    await expect(failover(down.slice(2)).embed?.(REQUEST)).rejects.toThrow(TypeError)
    const refusing = failover([embedder('a', failure('bad-request')), embedder('b', VECTORS)])
    await expect(refusing.embed?.(REQUEST)).rejects.toMatchObject({ code: 'bad-request' })
    const once = failover(down, { attempts: 1 })
    await expect(once.embed?.(REQUEST)).rejects.toMatchObject({ code: 'network' })
  })

  it('ends with the caller’s reason; its time is shared among the candidates', async () => {
    const clock = new ManualClock(0)
    const hangs: Provider = {
      ...member('hangs'),
      embed: (_, call) =>
        new Promise((_resolve, reject) => {
          call?.signal?.addEventListener('abort', () => {
            reject(call.signal?.reason as Error)
          })
        }),
    }
    const group = failover([hangs, embedder('sound', VECTORS)], { totalMs: 1000, clock })
    const next = group.embed?.(REQUEST)
    const late = failover([hangs], { totalMs: 1000, clock }).embed?.(REQUEST)
    const reason = new Error('enough')
    const controller = new AbortController()
    const left = group.embed?.(REQUEST, { signal: controller.signal })
    controller.abort(reason)
    await expect(left).rejects.toBe(reason)
    await Promise.all([
      expect(late).rejects.toMatchObject({ code: 'timeout' }),
      expect(next).resolves.toBe(VECTORS),
      clock.run(),
    ])
    expect(clock.pending).toBe(0)
  })

  it('is an attempt like any other: reported, with its times, also through groups', async () => {
    const clock = new ManualClock(0)
    const after = (ms: number, answer: EmbedResult | Error, id: string): Provider => ({
      ...member(id),
      embed: () =>
        new Promise((resolve, reject) => {
          clock.after(ms, () => {
            if (answer instanceof Error) reject(answer)
            else resolve(answer)
          })
        }),
    })
    const inner = failover([after(30, failure('network'), 'b'), after(20, VECTORS, 'c')], { clock, id: 'inner' })
    const own: AttemptReport[] = []
    const all: AttemptReport[] = []
    const group = failover([after(10, failure('overloaded'), 'a'), inner], {
      clock,
      onAttempt: (each) => own.push(each),
    })
    const vectors = group.embed?.(REQUEST, { onAttempt: (each) => all.push(each) })
    await Promise.all([clock.run(), expect(vectors).resolves.toBe(VECTORS)])
    expect(all).toMatchObject([
      { provider: 'a', outcome: 'failed', startedMs: 0, totalMs: 10, error: { code: 'overloaded' } },
      { provider: 'b', outcome: 'failed', startedMs: 10, totalMs: 30, error: { code: 'network' } },
      { provider: 'c', outcome: 'answered', startedMs: 40, totalMs: 20 },
      { provider: 'inner', outcome: 'answered', startedMs: 10, totalMs: 50 },
    ])
    expect(own.map(({ provider }) => provider)).toEqual(['a', 'inner'])
  })

  it('goes through the breakers of its members: one for each model, the same as for chats', async () => {
    const clock = new ManualClock(0)
    const asked: string[] = []
    const members = [embedder('down', failure('overloaded'), asked), embedder('well', VECTORS, asked)]
    const group = failover(members, { clock, breaker: { failures: 1, cooldownMs: 1000 } })
    const reports: AttemptReport[] = []
    for (let count = 0; count < 3; count++) {
      await group.embed?.(REQUEST, { onAttempt: (each) => reports.push(each) })
    }
    expect(asked).toEqual(['down', 'well', 'well', 'well'])
    expect(reports[2]).toMatchObject({
      provider: 'down',
      outcome: 'failed',
      error: { code: 'overloaded', message: 'down: circuit open; next probe in 1 s. Last failure: it says overloaded' },
    })
    await group.embed?.({ ...REQUEST, model: 'other' })
    expect(asked.at(-2)).toBe('down')
    // A member with an open circuit is not one of the attempts that may be made.
    const once = failover(members, { clock, attempts: 1, breaker: { failures: 1 } })
    await expect(once.embed?.(REQUEST)).rejects.toMatchObject({ code: 'overloaded' })
    await expect(once.embed?.(REQUEST)).resolves.toBe(VECTORS)
  })

  it('is not held by a member that does not heed the signal', async () => {
    const deaf: Provider = { ...member('deaf'), embed: () => new Promise(() => undefined) }
    const controller = new AbortController()
    const reports: AttemptReport[] = []
    const onAttempt = (report: AttemptReport): void => void reports.push(report)
    const vectors = failover([deaf]).embed?.(REQUEST, { signal: controller.signal, onAttempt })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(vectors).rejects.toBe(reason)
    expect(reports).toMatchObject([{ provider: 'deaf', outcome: 'cancelled' }])
  })
})

describe('models() of a group', () => {
  const listing = (id: string, ...models: string[]): Provider => ({
    ...member(id),
    models: async () => models.map((name) => ({ id: name })),
  })
  const failing = (id: string, code: ErrorCode): Provider => ({
    ...member(id),
    models: () => Promise.reject(failure(code)),
  })

  it('is there when a member has it, and lists what the members that answer serve, each model once', async () => {
    expect('models' in failover([member('a')])).toBe(false)
    const members = [listing('a', 'x', 'y'), failing('down', 'network'), listing('b', 'y', 'z'), member('none')]
    await expect(failover(members).models?.()).resolves.toEqual([{ id: 'x' }, { id: 'y' }, { id: 'z' }])
  })

  it('fails only when all fail', async () => {
    await expect(failover([failing('a', 'auth')]).models?.()).rejects.toMatchObject({ code: 'auth' })
    await expect(failover([failing('a', 'auth'), failing('b', 'network')]).models?.()).rejects.toMatchObject({
      code: 'exhausted',
      attempts: [{ code: 'auth' }, { code: 'network' }],
    })
  })

  it('ends with the caller’s reason, and leaves out a member that does not answer within totalMs', async () => {
    const clock = new ManualClock(0)
    const silent: Provider = { ...member('silent'), models: () => new Promise(() => undefined) }
    const controller = new AbortController()
    const reason = new Error('enough')
    const aborted = failover([silent]).models?.({ signal: controller.signal })
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    const list = failover([silent, listing('a', 'x')], { totalMs: 1000, clock }).models?.()
    await Promise.all([expect(list).resolves.toEqual([{ id: 'x' }]), clock.run()])
    expect(clock.now()).toBe(1000)
  })

  it('goes through the breakers of its members', async () => {
    const down = vi.fn(() => Promise.reject(failure('network')))
    const group = failover([{ ...member('down'), models: down }, listing('a', 'x')], { breaker: { failures: 1 } })
    for (let count = 0; count < 3; count++) await expect(group.models?.()).resolves.toEqual([{ id: 'x' }])
    expect(down).toHaveBeenCalledTimes(1)
  })
  it('leaves out a member that gives nonsense or throws anything, and what is no model', async () => {
    const giving = (models: unknown): Provider => ({ ...member('odd'), models: models as never })
    const odd = [
      giving(async () => undefined),
      giving(async () => 'models'),
      giving(async () => [null, 'x', { id: 7 }, { id: 'odd' }]),
      giving(() => Promise.reject(new TypeError('fetch failed'))),
      giving(() => {
        throw Object.create(null)
      }),
    ]
    await expect(failover([...odd, listing('a', 'x')]).models?.()).resolves.toEqual([{ id: 'odd' }, { id: 'x' }])
    await expect(failover([giving(async () => 7)]).models?.()).rejects.toMatchObject({ code: 'malformed' })
  })
})

describe('the deadlines of a member', () => {
  it('hold for embed() and models() of its group, which goes on without it', async () => {
    const clock = new ManualClock(0)
    const never = (): Promise<never> => new Promise(() => undefined)
    const waiting = (_: unknown, call?: CallOptions): Promise<never> => (call?.onConnecting?.(), never())
    const silent: Provider = { ...embedder('silent', VECTORS), embed: never, models: never }
    const unconnected: Provider = {
      ...silent,
      embed: waiting,
      models: (call) => waiting(undefined, call),
    }
    const sound: Provider = { ...embedder('sound', VECTORS), models: async () => [{ id: 'x' }] }
    const group = failover([
      pipe(silent, deadlines({ firstTokenMs: 200, clock })),
      pipe(unconnected, deadlines({ connectMs: 100, clock })),
      sound,
    ])
    const answers = Promise.all([group.embed?.(REQUEST), group.models?.()])
    await clock.run()
    await expect(answers).resolves.toEqual([VECTORS, [{ id: 'x' }]])
    expect(clock.now()).toBe(300)
  })
})
