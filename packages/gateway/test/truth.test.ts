/** What a client reads of an endpoint that fails, through the gateway and over real sockets: a whole answer, or why there is none. */

import type { Provider } from '@rivulet/core'
import { anthropic } from '@rivulet/provider-anthropic'
import { google } from '@rivulet/provider-google'
import { openai } from '@rivulet/provider-openai'
import { failover } from '@rivulet/router'
import { type DialectId, type FaultKind, simulator, type Simulator } from '@rivulet/simulator'
import { describe, expect, test } from 'vitest'
import { type Client, CLIENTS, eventsOf } from './support/clients.ts'
import { SERVERS, serving } from './support/serving.ts'

interface Endpoint {
  readonly dialect: DialectId
  readonly model: string
  readonly provider: (sim: Simulator) => Provider
}

const apiKey = 'key-of-the-upstream'
const ENDPOINTS: readonly Endpoint[] = [
  {
    dialect: 'openai',
    model: 'gpt-6.1-terra',
    provider: (sim) => openai({ apiKey, baseUrl: sim.baseUrl('openai') }),
  },
  {
    dialect: 'openai-responses',
    model: 'gpt-6.1-terra',
    provider: (sim) => openai({ apiKey, api: 'responses', baseUrl: sim.baseUrl('openai-responses') }),
  },
  {
    dialect: 'anthropic',
    model: 'claude-sonnet-5-5',
    provider: (sim) => anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') }),
  },
  {
    dialect: 'google',
    model: 'gemini-4-argon',
    provider: (sim) => google({ apiKey, baseUrl: sim.baseUrl('google') }),
  },
]

const BREAKS: readonly FaultKind[] = [
  'truncate',
  'reset-mid-stream',
  'bad-chunk',
  'error-mid-stream',
  'html-200',
  'not-http',
  'cut-compressed',
  'status',
]
const NOISE: readonly FaultKind[] = ['comments', 'line-ends', 'bom', 'compressed', 'usage', 'surrogates']

const asked = (client: Client, stream: boolean, model: string): [path: string, body: object] => [
  client.path(stream).replace('/m:', `/${model}:`),
  { ...client.body(stream, 'Count to 12.'), ...(client.name !== 'Gemini' && { model }) },
]

describe.each(ENDPOINTS)('an endpoint of $dialect', ({ dialect, model, provider }) => {
  describe.each(CLIENTS)('a client of $name', (client) => {
    test.each(NOISE)('gets the whole answer under %s', async (kind) => {
      await using sim = await simulator({ pace: 'instant' })
      await using server = await serving('listen', provider(sim), { retry: false })
      for (const stream of [true, false]) {
        sim.fault(dialect, kind)
        const [path, body] = asked(client, stream, model)
        const answer = await (await server.post(path, body)).text()
        const answered = sim.requests.at(-1)?.answer
        if (stream) {
          const events = eventsOf(answer)
          expect([client.textOf(events), client.isWhole(events)]).toEqual([answered, true])
        } else expect(client.textIn(JSON.parse(answer))).toBe(answered)
      }
    })

    test.each(BREAKS)('is told of %s, streamed or not', async (kind) => {
      await using sim = await simulator({ pace: 'instant' })
      await using server = await serving('listen', provider(sim), { retry: false })
      for (const stream of [true, false]) {
        sim.fault(dialect, kind)
        const [path, body] = asked(client, stream, model)
        const response = await server.post(path, body)
        const answer = await response.text()
        if (response.status === 200 && stream) {
          const events = eventsOf(answer)
          expect([client.isWhole(events), typeof client.failureIn(events)]).toEqual([false, 'string'])
        } else expect(response.status).toBeGreaterThanOrEqual(400)
        expect(answer).not.toContain(apiKey)
      }
    })

    test.each(SERVERS)("under 'answer', a healthy member takes the place of one that breaks (%s)", async (kind) => {
      await using bad = await simulator({ pace: 'instant', seed: 1 })
      await using good = await simulator({ pace: 'instant', seed: 2 })
      await using server = await serving(kind, failover([provider(bad), provider(good)]), { hold: 'answer' })
      for (const fault of BREAKS) {
        bad.fault(dialect, fault)
        const [path, body] = asked(client, true, model)
        const events = eventsOf(await (await server.post(path, body)).text())
        expect([fault, client.textOf(events), client.isWhole(events), client.failureIn(events)]).toEqual([
          fault,
          good.requests.at(-1)?.answer,
          true,
          undefined,
        ])
      }
    })
  })
})
