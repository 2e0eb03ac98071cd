import type { ChatEvent } from '@rivulet/core'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider } from '@rivulet/testkit'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { metrics } from '../src/metrics.ts'
import { CLIENTS } from './support/clients.ts'
import { failure, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { serving } from './support/serving.ts'

const CHAT = '/v1/chat/completions'
const question = CLIENTS[0]?.body(true) ?? {}
const usage = { inputTokens: 100, outputTokens: 20, cachedTokens: 60, reasoningTokens: 5, source: 'reported' as const }
const paid: ChatEvent = { type: 'finish', reason: 'stop', usage }

/** The samples by their names and labels, without those of 0 and without buckets. */
const samplesOf = (page: string): Record<string, number> =>
  Object.fromEntries(
    page.split('\n').flatMap((line) => {
      const [, name = '', value = ''] = /^(rivulet_\S+) (\S+)$/.exec(line) ?? []
      return name === '' || name.includes('_bucket') || value === '0' ? [] : [[name, Number(value)]]
    }),
  )

test('an answer is counted and measured from its arrival to its end', async () => {
  const clock = new ManualClock()
  const provider = failover(
    [
      scriptedProvider('down', clock, () => [{ afterMs: 100, error: failure('overloaded') }]),
      scriptedProvider('acme', clock, () => [
        { afterMs: 300, events: [start('acme'), text('Hello')] },
        { afterMs: 50, events: [text(' there')] },
        { afterMs: 50, events: [paid] },
      ]),
    ],
    { clock },
  )
  await using server = await serving('fetch in process', provider, { clock, observers: [metrics()] })
  const page = async (): Promise<Record<string, number>> => samplesOf(await (await server.ask('/metrics')).text())
  const asked = server.post(CHAT, question)
  await expect.poll(() => clock.pending).toBeGreaterThan(1)
  await clock.advance(400)
  const reading = await new Reading(await asked).until('Hello')
  expect(await page()).toEqual({
    rivulet_requests_under_way: 1,
    rivulet_streams_open: 1,
    'rivulet_attempts_total{provider="down",outcome="overloaded"}': 1,
  })
  await clock.advance(50)
  await reading.until(' there')
  await clock.advance(50)
  await reading.end()
  await expect.poll(page).toEqual({
    'rivulet_requests_total{operation="chat",dialect="chat",model="m",outcome="answered",status="200"}': 1,
    'rivulet_request_duration_seconds_sum{operation="chat",outcome="answered"}': 0.5,
    'rivulet_request_duration_seconds_count{operation="chat",outcome="answered"}': 1,
    'rivulet_time_to_first_token_seconds_sum{model="m",provider="acme",hold="none"}': 0.4,
    'rivulet_time_to_first_token_seconds_count{model="m",provider="acme",hold="none"}': 1,
    rivulet_time_per_chunk_seconds_sum: 0.05,
    rivulet_time_per_chunk_seconds_count: 1,
    'rivulet_overhead_seconds_count{hold="none"}': 1,
    'rivulet_tokens_total{model="m",provider="acme",kind="input"}': 100,
    'rivulet_tokens_total{model="m",provider="acme",kind="output"}': 20,
    'rivulet_tokens_total{model="m",provider="acme",kind="cache_read"}': 60,
    'rivulet_tokens_total{model="m",provider="acme",kind="reasoning"}': 5,
    'rivulet_attempts_total{provider="down",outcome="overloaded"}': 1,
    'rivulet_attempts_total{provider="acme",outcome="answered"}': 1,
    'rivulet_attempt_time_to_first_token_seconds_sum{provider="acme"}': 0.3,
    'rivulet_attempt_time_to_first_token_seconds_count{provider="acme"}': 1,
  })
})

test('names that clients invent make no series', async () => {
  const register = new Registry()
  const provider = scriptedProvider('acme', systemClock, () => whole)
  await using server = await serving('fetch in process', provider, { observers: [metrics({ register })] })
  const seriesAfter = async (ask: (name: string) => Promise<Response>, count: number): Promise<number> => {
    for (let at = 0; at < count; at++) await (await ask(`invented-${at}`)).text()
    return (await register.metrics()).split('\n').length
  }
  const asks: readonly ((name: string) => Promise<Response>)[] = [
    (model) => server.post(CHAT, { ...question, model }),
    (name) => server.ask(`/${name}`),
    (name) => server.post(CHAT, { ...question, [name]: 1 }),
    (method) => server.ask('/v1/models', { method }),
    (key) => server.post(CHAT, question, { headers: { authorization: `Bearer ${key}` } }),
  ]
  for (const ask of asks) expect(await seriesAfter(ask, 30)).toBe(await seriesAfter(ask, 1))
  const page = await register.metrics()
  expect(page).toContain('model="other"')
  expect(page).not.toContain('invented')
})

test('open circuit breakers are shown as they are when they are asked for', async () => {
  let open: Record<string, number> = { acme: 2 }
  const observer = metrics({ openBreakers: () => open })
  expect(samplesOf((await observer.page()).text)).toEqual({ 'rivulet_breakers_open{provider="acme"}': 2 })
  open = {}
  expect(samplesOf((await observer.page()).text)).toEqual({})
})

test('two of them share nothing, and a wrong option is refused at once', async () => {
  await Promise.all([metrics().page(), metrics().page()])
  expect(() => metrics({ registry: new Registry() } as object)).toThrow(/^metrics: .*register/)
  expect(() => metrics({ register: {} } as object)).toThrow(/^metrics: register/)
})

test('an answer that fails leaves nothing under way', async () => {
  const register = new Registry()
  const provider = scriptedProvider('acme', systemClock, () => steps([start(), text('Hel')], failure('truncated')))
  await using server = await serving('fetch in process', provider, { observers: [metrics({ register })] })
  await (await server.post(CHAT, question)).text()
  const failed = 'rivulet_requests_total{operation="chat",dialect="chat",model="m",outcome="failed",status="200"}'
  await expect.poll(() => register.metrics()).toContain(`${failed} 1`)
  const samples = samplesOf(await register.metrics())
  expect(samples).toMatchObject({
    'rivulet_attempts_total{provider="acme",outcome="truncated"}': 1,
  })
  expect(samples).not.toHaveProperty('rivulet_streams_open')
  expect(samples).not.toHaveProperty('rivulet_requests_under_way')
})
