import type { ErrorCode, Provider } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { CLIENTS, eventsOf } from './support/clients.ts'
import { failure, start, steps } from './support/providers.ts'
import { SERVERS, serving } from './support/serving.ts'

const failing = (id: string, code: ErrorCode, message?: string, retryAfterMs?: number): Provider =>
  scriptedProvider(id, systemClock, () => steps([start(id)], failure(code, message, retryAfterMs)))

/** By client: chat completions, Responses, Messages, Gemini. */
const TABLE: readonly [code: ErrorCode, statuses: readonly number[], isAskedAgain: boolean][] = [
  ['auth', [401, 400, 403, 401], false],
  ['quota', [402, 429, 402, 402], false],
  ['rate-limited', [429, 429, 429, 429], true],
  ['bad-request', [400, 400, 400, 400], false],
  ['context-length', [400, 400, 413, 400], false],
  ['not-found', [404, 404, 404, 404], false],
  ['unsupported', [400, 400, 400, 400], false],
  ['overloaded', [503, 503, 529, 503], true],
  ['timeout', [504, 504, 504, 504], true],
  ['network', [502, 502, 502, 502], true],
  ['truncated', [502, 502, 502, 502], true],
  ['malformed', [502, 502, 502, 502], true],
]

describe.each(SERVERS)('%s', (kind) => {
  describe.each(CLIENTS.map((client, at) => ({ ...client, at })))('$name', ({ path, body, at }) => {
    test.each(TABLE)('a failure before the answer has its status: %s', async (code, statuses, isAskedAgain) => {
      await using server = await serving(kind, failing('acme', code), { retry: false })
      for (const stream of [true, false]) {
        const response = await server.post(path(stream), body(stream))
        expect(response.status).toBe(statuses[at])
        expect(response.headers.get('content-type')).toBe('application/json')
        // Without a wait agents ask again at once; where it can't help, none is named.
        expect(response.headers.get('retry-after')).toBe(isAskedAgain ? '5' : null)
        expect(await response.text()).toContain(code === 'network' || code === 'malformed' ? 'acme' : `acme: ${code}`)
      }
    })

    test.each(['any', 'error', 'e'])('the credential "%s", where none is asked for, changes no word', async (word) => {
      await using server = await serving(kind, failing('acme', 'bad-request', 'acme: too many errors'))
      const said = async (key: string): Promise<string> => {
        const response = await server.post(path(true), body(true), { headers: { 'x-api-key': key } })
        return (await response.text()).replace(/req_\w+/, '')
      }
      expect(await said(word)).toBe(await said('no-credential-of-anybody'))
    })

    test('the wait that an endpoint asks for is passed on', async () => {
      await using server = await serving(kind, failing('acme', 'overloaded', 'acme: busy', 30_000), { retry: false })
      expect((await server.post(path(true), body(true))).headers.get('retry-after')).toBe('30')
    })

    test('a conversation that is too long is said before any other failure of a group', async () => {
      const long = 'prompt is too long: 1022145 tokens > 1000000 maximum'
      const group = failover([failing('one', 'context-length', long), failing('other', 'overloaded')])
      await using server = await serving(kind, group)
      const response = await server.post(path(true), body(true))
      expect([400, 413]).toContain(response.status)
      expect(await response.text()).toContain(long)
    })

    test('a group without quota is final, and one of which a member may recover is not', async () => {
      const [all, some] = [
        failover([failing('one', 'quota'), failing('other', 'quota')]),
        failover([failing('one', 'quota'), failing('other', 'overloaded', 'busy', 7_000)]),
      ]
      await using poor = await serving(kind, all)
      const final = await poor.post(path(true), body(true))
      expect([final.status, final.headers.get('retry-after')]).toEqual([[402, 429, 402, 402][at], null])
      await using busy = await serving(kind, some)
      const again = await busy.post(path(true), body(true))
      expect([again.status, again.headers.get('retry-after')]).toEqual([503, '7'])
    })

    test('what fails in the gateway itself is a 500 without its words', async () => {
      const broken: Provider = scriptedProvider('acme', systemClock, () => steps(new RangeError('internal sk-1')))
      await using server = await serving(kind, broken)
      const response = await server.post(path(true), body(true))
      expect([response.status >= 500, await response.text()]).toEqual([true, expect.not.stringContaining('sk-1')])
    })

    test('a field that the provider refuses is a 400 with its words', async () => {
      const strict: Provider = {
        ...failing('acme', 'auth'),
        stream: () => {
          throw new TypeError('acme: no images, please')
        },
      }
      await using server = await serving(kind, strict)
      const response = await server.post(path(true), body(true))
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('no images, please')])
    })
  })

  test('Gemini: a prompt that is refused for its content is an answer without candidates', async () => {
    await using server = await serving(kind, failing('acme', 'content-filter'), { retry: false })
    const response = await server.post('/v1beta/models/m:streamGenerateContent?alt=sse', CLIENTS[3]?.body(true))
    expect(response.status).toBe(200)
    expect(eventsOf(await response.text())[0]?.data).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } })
  })

  test('no answer says the address of an endpoint', async () => {
    const words = 'no answer from 10.1.2.3:8080: connect ECONNREFUSED 10.1.2.3:8080'
    const group = failover([failing('one', 'network', words), failing('other', 'network', words)])
    await using server = await serving(kind, group)
    await using alone = await serving(kind, failing('one', 'network', words), { retry: false })
    for (const each of [server, alone]) {
      const said = await (await each.post('/v1/messages', CLIENTS[2]?.body(true))).text()
      expect(said).not.toContain('10.1.2.3')
      expect(said).toContain('network')
    }
  })
})

test('the requests of one call are at most what the group allows', async () => {
  const members = ['one', 'other', 'third'].map((id) =>
    scriptedProvider(id, systemClock, () => steps(failure('overloaded'))),
  )
  await using server = await serving('listen', failover(members))
  for (const client of CLIENTS) await (await server.post(client.path(true), client.body(true))).text()
  expect(members.map(({ requests }) => requests)).toEqual([CLIENTS.length, CLIENTS.length, CLIENTS.length])
})

test('one failure of a lone provider is not seen', async () => {
  const clock = new ManualClock()
  const lone = scriptedProvider('acme', systemClock, ({ index }) =>
    index === 0
      ? steps(failure('overloaded'))
      : steps([start(), { type: 'text', text: 'Hello' }, { type: 'finish', reason: 'stop' }]),
  )
  await using server = await serving('listen', lone, { retry: { clock, random: () => 0 } })
  const asked = server.post('/v1/messages', CLIENTS[2]?.body(false))
  await expect.poll(() => clock.pending).toBe(1)
  await clock.advance(60_000)
  expect((await asked).status).toBe(200)
  expect(lone.requests).toBe(2)
})

test.each(SERVERS)('a page of another host is refused in the dialect that it asked (%s)', async (kind) => {
  await using server = await serving(kind, failing('acme', 'network'))
  const ask = async (path: string): Promise<unknown> =>
    (await server.post(path, {}, { headers: { origin: 'https://elsewhere.example' } })).json()
  expect(await ask('/v1/messages')).toMatchObject({ type: 'error' })
  expect(await ask('/v1beta/models/m:generateContent')).toMatchObject({ error: { code: 403 } })
})
