import type { ChatEvent } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { gateway, type GatewayObserver, newKey } from '../src/index.ts'
import { CLIENTS } from './support/clients.ts'
import { failure, finish, start, steps, takes, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { SERVERS, serving } from './support/serving.ts'
import { watching } from './support/watching.ts'

const usage = { inputTokens: 7, outputTokens: 3, source: 'reported' as const }
const paid: ChatEvent = { type: 'finish', reason: 'stop', usage }
const CHAT = '/v1/chat/completions'
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const question = CLIENTS[0]?.body(true) ?? {}

/** What a whole answer says of itself. */
async function attemptsIn(response: Response): Promise<string | null> {
  await response.text()
  return response.headers.get('x-rivulet-attempts')
}

describe.each(SERVERS)('%s', (kind) => {
  test.each(CLIENTS)('$name: a streamed answer is told from its arrival to its end', async ({ path, body }) => {
    const clock = new ManualClock()
    const provider = scriptedProvider('acme', clock, () => [
      { afterMs: 300, events: [start('acme', { dropped: ['topK'] }), text('Hello')] },
      { afterMs: 50, events: [text(' there')] },
      { afterMs: 70, events: [text('!'), paid] },
    ])
    const { observer, requests } = watching()
    await using server = await serving(kind, provider, { clock, observers: [observer], retry: false })
    const asked = server.post(path(true), body(true), { headers: { traceparent: TRACEPARENT } })
    await expect.poll(() => provider.requests).toBe(1)
    await clock.advance(300)
    const response = await asked
    const reading = await new Reading(response).until('Hello')
    await clock.advance(50)
    await reading.until(' there')
    await clock.advance(70)
    await reading.end()
    await expect.poll(() => requests[0]?.at(-1)?.[0]).toBe('ended')
    expect(requests).toEqual([
      [
        [
          'arrival',
          expect.objectContaining({
            requestId: response.headers.get('x-request-id'),
            operation: 'chat',
            traceparent: TRACEPARENT,
          }),
        ],
        ['asked', { model: 'm', listed: 'm', stream: true, hold: 'none', key: undefined }],
        ['firstContent', 300],
        ['chunk', 50],
        [
          'attempt',
          expect.objectContaining({ provider: 'acme', outcome: 'answered', usage, firstTokenMs: 300, totalMs: 420 }),
        ],
        ['chunk', 70],
        [
          'ended',
          {
            outcome: 'answered',
            status: 200,
            code: undefined,
            finish: 'stop',
            provider: 'acme',
            model: 'm',
            usage,
            attempts: 1,
            dropped: ['topK'],
            firstContentMs: 300,
            upstreamMs: 300,
            totalMs: 420,
          },
        ],
      ],
    ])
  })

  test('what is held reaches its client later than it came from the provider', async () => {
    const clock = new ManualClock()
    const provider = scriptedProvider('acme', clock, () => [
      { afterMs: 300, events: [start(), text('Hello')] },
      { afterMs: 700, events: [finish] },
    ])
    const { observer, requests, end } = watching()
    await using server = await serving(kind, provider, { clock, observers: [observer], hold: 'answer' })
    const asked = server.post(CHAT, question)
    await expect.poll(() => provider.requests).toBe(1)
    await clock.advance(1_000)
    await (await asked).text()
    await expect.poll(() => end()).toMatchObject({ firstContentMs: 1_000, upstreamMs: 300 })
    expect(requests[0]).toContainEqual(['asked', expect.objectContaining({ hold: 'answer' })])
  })

  test('each attempt is told, of a group and of a provider that is asked again, without its words', async () => {
    const down = scriptedProvider('down', systemClock, () => steps(failure('overloaded', 'secret words')))
    const healthy = scriptedProvider('healthy', systemClock, () => whole)
    const { observer, requests, end } = watching()
    const observers = [observer]
    const attempts = (at: number): unknown =>
      requests[at]?.filter(([name]) => name === 'attempt').map(([, attempt]) => attempt)
    {
      await using server = await serving(kind, failover([down, healthy]), { observers })
      expect(await attemptsIn(await server.post(CHAT, question))).toBe('2')
    }
    {
      const flaky = scriptedProvider('flaky', systemClock, ({ index }) =>
        index < 2 ? steps(failure('overloaded', 'secret words')) : whole,
      )
      await using server = await serving(kind, flaky, { observers, retry: { backoffMs: 0 } })
      expect(await attemptsIn(await server.post(CHAT, question))).toBe('3')
    }
    await expect.poll(() => [end(0)?.attempts, end(1)?.attempts]).toEqual([2, 3])
    expect(attempts(0)).toMatchObject([
      { provider: 'down', outcome: 'failed', code: 'overloaded' },
      { provider: 'healthy', outcome: 'answered' },
    ])
    expect(attempts(1)).toMatchObject([
      { provider: 'flaky', outcome: 'failed', code: 'overloaded' },
      { provider: 'flaky', outcome: 'failed', code: 'overloaded' },
      { provider: 'flaky', outcome: 'answered' },
    ])
    expect(JSON.stringify(requests)).not.toContain('secret words')
  })

  test('a refusal, a break, a client that leaves and a path that is not served each have their end', async () => {
    const provider = scriptedProvider('acme', systemClock, ({ request: { model } }) => {
      if (model === 'breaks') return steps([start(), text('Hello')], failure('truncated'))
      if (model === 'refuses') return steps(failure('quota'))
      return steps([start(), text('Hello')])
    })
    const { stored, key } = await newKey('one')
    const { observer, requests, end } = watching()
    await using server = await serving(kind, provider, { observers: [observer], keys: [stored] })
    const headers = { authorization: `Bearer ${key}` }
    const ask = (model: string): Promise<Response> => server.post(CHAT, { ...question, model }, { headers })

    await (await ask('breaks')).text()
    await (await ask('refuses')).text()
    await (await server.post(CHAT, question)).text()
    await (await server.ask('/nowhere', { headers })).text()
    await (await server.post(CHAT, '{', { headers })).text()
    const reading = await new Reading(await ask('silent')).until('Hello')
    await reading.leave()
    await expect.poll(() => end(5)?.outcome).toBe('left')
    expect(requests.map((_, at) => [end(at)?.outcome, end(at)?.status, end(at)?.code])).toEqual([
      ['failed', 200, 'truncated'],
      ['refused', 402, 'quota'],
      ['refused', 401, undefined],
      ['refused', 404, undefined],
      ['refused', 400, undefined],
      ['left', 200, undefined],
    ])
    expect(requests[0]?.[1]).toEqual(['asked', expect.objectContaining({ key: 'one' })])
    expect(requests[3]?.[0]).toEqual(['arrival', expect.objectContaining({ operation: undefined })])
  })

  test.each(['one provider', 'a group'])(
    '%s: an attempt that a client has left is told before the end',
    async (what) => {
      const silent = scriptedProvider('acme', systemClock, () => steps([start(), text('Hello')]))
      const { observer, requests, end } = watching()
      const provider = what === 'a group' ? failover([silent, silent]) : silent
      await using server = await serving(kind, provider, { observers: [observer] })
      const reading = await new Reading(await server.post(CHAT, question)).until('Hello')
      await reading.leave()
      await expect.poll(() => end()).toMatchObject({ outcome: 'left', attempts: 1 })
      expect(requests[0]?.map(([name]) => name)).toEqual(['arrival', 'asked', 'firstContent', 'attempt', 'ended'])
      expect(requests[0]?.[3]?.[1]).toMatchObject({ provider: 'acme', outcome: 'cancelled' })
    },
  )

  test('embeddings are told with what they used', async () => {
    const provider = {
      ...scriptedProvider('acme', systemClock, () => whole),
      embed: () => Promise.resolve({ vectors: [[1]], inputTokens: 5 }),
    }
    const { observer, requests, end } = watching()
    await using server = await serving(kind, provider, { observers: [observer] })
    await (await server.post('/v1/embeddings', { model: 'm', input: 'Hello' })).text()
    await expect.poll(() => end()).toMatchObject({ outcome: 'answered', usage: { inputTokens: 5, outputTokens: 0 } })
    expect(requests[0]?.[1]).toEqual(['asked', expect.objectContaining({ model: 'm', stream: false })])
  })

  test.each(CLIENTS)(
    '$name: an observer that throws, rejects or never ends does not touch the answer',
    async (client) => {
      const provider = scriptedProvider('acme', systemClock, () => whole)
      const answer = async (observers: readonly GatewayObserver[]): Promise<string> => {
        await using server = await serving(kind, provider, { observers })
        const events = await (await server.post(client.path(true), client.body(true))).text()
        return events.replaceAll(/"(?:id|item_id)":"[^"]*"|"created(?:_at)?":\d+|"responseId":"[^"]*"/g, '')
      }
      const throws = (): never => {
        throw new Error('no')
      }
      // The types allow promises, and a linter may not.
      const wrongs: readonly (() => void)[] = [
        throws,
        (): unknown => Promise.reject(new Error('no')),
        (): unknown => new Promise(() => undefined),
      ]
      const observers = wrongs.map((wrong): GatewayObserver => ({
        request: () => ({ asked: wrong, attempt: wrong, firstContent: wrong, chunk: wrong, ended: wrong }),
      }))
      const plain = await answer([])
      expect(plain).toContain('there')
      const rejects = (): unknown => Promise.reject(new Error('no'))
      const wrongAtOnce = [throws, rejects].map((request) => ({ request }) as GatewayObserver)
      expect(await answer([...observers, ...wrongAtOnce])).toBe(plain)
    },
  )

  test('a model is told by the name on the list; any other one is short, and shows no credential', async () => {
    const provider = scriptedProvider('acme', systemClock, () => whole)
    const { observer, requests } = watching()
    await using server = await serving(kind, provider, { observers: [observer] })
    const headers = { authorization: 'Bearer key-of-a-client' }
    for (const model of ['m', 'acme/m', 'key-of-a-client', 'key-of-a-client/m', 'x'.repeat(1_000)]) {
      await (await server.post(CHAT, { ...question, model }, { headers })).text()
    }
    expect(requests.map((told) => told[1]?.[1])).toMatchObject([
      { model: 'm', listed: 'm' },
      { model: 'acme/m', listed: 'm' },
      { model: '***', listed: undefined },
      { model: '***/m', listed: 'm' },
      { model: 'x'.repeat(200), listed: undefined },
    ])
  })
})

test('of a name that is cut off, no part of a credential is told, however long the credential is', async () => {
  const provider = scriptedProvider('acme', systemClock, () => whole)
  const { observer, requests } = watching()
  await using server = await serving('listen', provider, { observers: [observer] })
  for (const key of ['key-of-a-client', 'a1b2c3d4'.repeat(50)]) {
    for (const before of [0, 190]) {
      const model = 'x'.repeat(before) + key + 'y'.repeat(300)
      await (await server.post(CHAT, { ...question, model }, { headers: { authorization: `Bearer ${key}` } })).text()
    }
  }
  const models = requests.map((told) => told[1]?.[1]).map((asked) => JSON.stringify(asked))
  expect(models).toHaveLength(4)
  for (const model of models) expect(model).not.toMatch(/key-|a1b2/)
})

test('an endpoint that gives the credential back as the name of its model shows it to no observer', async () => {
  const key = 'key-of-a-client'
  const script = (): ReturnType<typeof steps> => steps([start('acme', { model: key }), text('Hi'), finish])
  const provider = scriptedProvider('acme', systemClock, script, takes('acme'))
  const { observer, end } = watching()
  await using server = await serving('listen', provider, { auth: 'client', observers: [observer] })
  await (await server.post(CHAT, question, { headers: { authorization: `Bearer ${key}` } })).text()
  await expect.poll(() => end()?.outcome).toBe('answered')
  expect(end()?.model).toBe('***')
})

test('observers that are none are refused at once', () => {
  const provider = scriptedProvider('acme', systemClock, () => whole)
  // What a program without types may give.
  const wrong =
    (observers: unknown): (() => unknown) =>
    () =>
      gateway(provider, { observers: observers as GatewayObserver[] })
  expect(wrong({})).toThrow(/^gateway: observers must be a list/)
  expect(wrong([{}])).toThrow(/^gateway: an observer/)
})
