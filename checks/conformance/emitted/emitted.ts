import { ChatError, type ChatEvent, type Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { gateway } from '@rivulet/gateway'
import { type DialectId, type FaultKind, simulator, type Simulator } from '@rivulet/simulator'
import { anthropic, google, openai } from 'rivulet'
import { type Verdict, verdict } from '../verdict.ts'
import { type Client, CLIENTS } from './asks.ts'
import { judges } from './judge.ts'
import { Sent } from './sent.ts'

interface Endpoint {
  readonly dialect: DialectId
  readonly model: string
  readonly provider: (sim: Simulator) => Provider
}

const apiKey = 'key-of-the-server'
const ENDPOINTS: readonly Endpoint[] = [
  { dialect: 'openai', model: 'gpt-6.1-terra', provider: (sim) => openai({ apiKey, baseUrl: sim.baseUrl('openai') }) },
  {
    dialect: 'openai-responses',
    model: 'gpt-6.1-terra',
    provider: (sim) => openai({ apiKey, api: 'responses', baseUrl: sim.baseUrl('openai-responses') }),
  },
  {
    dialect: 'anthropic',
    model: 'claude-opus-5-5',
    provider: (sim) => anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') }),
  },
  {
    dialect: 'google',
    model: 'gemini-3.8-flash',
    provider: (sim) => google({ apiKey, baseUrl: sim.baseUrl('google') }),
  },
]

/** Ends that a client is told: by a status where nothing was sent, inside the stream afterwards. */
const ENDS = [
  'truncate',
  'reset-mid-stream',
  'error-mid-stream',
  'bad-chunk',
  'status',
  'retry-after',
] as const satisfies FaultKind[]

type Serve = ReturnType<typeof gateway>

/**
 * Everything that the gateway sends, by the vendors' types of what their own endpoints send: each dialect of clients in front of
 * each dialect of endpoints, streamed and whole, with every end; silences, refusals, models and embeddings.
 */
export async function* emitted(): AsyncGenerator<Verdict> {
  const judge = judges(new URL('wire.ts', import.meta.url))
  const extra = new Map<string, Set<string>>()
  const check = (by: string, about: string, send: (sent: Sent) => Promise<void>): Promise<Verdict> =>
    verdict(by, about, async () => {
      const besides = extra.get(by) ?? new Set()
      extra.set(by, besides)
      const sent = new Sent(judge, besides)
      await send(sent)
      return sent.seen
    })

  await using sim = await simulator()
  for (const client of CLIENTS) {
    for (const [topic, ask] of Object.entries(client.asks)) {
      for (const { dialect, model, provider } of ENDPOINTS) {
        const server = gateway(provider(sim), { retry: false })
        yield await check(client.by, `${topic}, from ${dialect}`, (sent) => answered(sent, server, client, ask, model))
      }
    }
    for (const end of ENDS) yield await check(client.by, `an end: ${end}`, (sent) => ended(sent, sim, client, end))
    yield await check(client.by, 'a silence', (sent) => silent(sent, client))
    yield await check(client.by, 'refusals', (sent) => refused(sent, client))
  }
  for (const { by, about, path, body, type } of DOCUMENTS) {
    yield await check(by, about, async (sent) => {
      const provider = by === '@google/genai' ? google : openai
      const dialect = by === '@google/genai' ? 'google' : 'openai'
      const server = gateway(provider({ apiKey, baseUrl: sim.baseUrl(dialect) }))
      const value: unknown = await (await post(server, path, body)).json()
      for (const each of Array.isArray(value) ? value : [value]) sent.take(type, each)
    })
  }
  for (const [by, paths] of extra) {
    // Clients pass over fields that they do not know.
    yield { ...(await verdict(by, 'fields that no type names', () => String(paths.size))), notes: [...paths].sort() }
  }
}

/** Without a body it is a GET. */
function post(server: Serve, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  if (body === undefined) return server.fetch(`http://gateway.local${path}`)
  return server.fetch(`http://gateway.local${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Asks for an answer in one piece, then for a stream. */
async function answered(sent: Sent, server: Serve, client: Client, ask: object, model: string): Promise<void> {
  for (const stream of [false, true]) {
    const body = { ...ask, ...(client.isInBody && { model, stream }) }
    await sent.takeAnswer(client, await post(server, client.path(stream, model), body))
  }
}

async function ended(sent: Sent, sim: Simulator, client: Client, kind: FaultKind): Promise<void> {
  for (const { dialect, model, provider } of ENDPOINTS) {
    sim.fault(dialect, kind)
    const server = gateway(provider(sim), { retry: false })
    await answered(sent, server, client, client.asks.text ?? {}, model)
    sim.clear()
  }
}

/** What a client gets while a model says nothing: before the first word, and between two. */
async function silent(sent: Sent, client: Client): Promise<void> {
  const clock = new ManualClock()
  const goesOn = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const
  async function* stream(): AsyncGenerator<ChatEvent> {
    await goesOn[0].promise
    yield { type: 'start', provider: 'acme', model: 'm' }
    yield { type: 'text', text: 'Hello' }
    await goesOn[1].promise
    yield { type: 'finish', reason: 'stop' }
  }
  const server = gateway(scripted(stream), { clock })
  const body = { ...client.asks.text, ...(client.isInBody && { model: 'm', stream: true }) }
  const response = post(server, client.path(true, 'm'), body)
  for (const { resolve } of goesOn) {
    // The pings of two spans.
    await clock.advance(25_000)
    resolve(undefined)
  }
  await sent.takeAnswer(client, await response)
}

/** What the gateway itself does not answer, and every failure of a provider. */
async function refused(sent: Sent, client: Client): Promise<void> {
  const path = client.path(false, 'm')
  const body = { ...client.asks.text, ...(client.isInBody && { model: 'm' }) }
  const server = gateway(scripted(), { keys: 'key-of-the-clients', maxBodyBytes: 1_000 })
  const authorization = 'Bearer key-of-the-clients'
  const responses = [
    await post(server, path, body),
    await post(server, path, '{"a":', { authorization }),
    await post(server, path, { long: 'x'.repeat(2_000) }, { authorization }),
    await post(server, path, body, { authorization, 'content-type': 'text/plain' }),
    await post(server, path, body, { authorization, 'x-api-key': 'another' }),
    await post(server, path, body, { authorization, origin: 'https://elsewhere.example' }),
    await server.fetch(`http://gateway.local${path}`, { method: 'PUT', headers: { authorization } }),
  ]
  for (const code of CODES) {
    const failing = gateway(
      scripted(async function* () {
        yield* []
        throw new ChatError(code, `acme: ${code}`, { provider: 'acme', retryAfterMs: 1_000 })
      }),
      { retry: false },
    )
    responses.push(await post(failing, path, body))
  }
  for (const response of responses) await sent.takeAnswer(client, response)
}

const CODES = [
  'auth',
  'quota',
  'rate-limited',
  'overloaded',
  'bad-request',
  'context-length',
  'content-filter',
  'not-found',
  'unsupported',
  'network',
  'timeout',
  'truncated',
  'malformed',
] as const

async function* nothing(): AsyncGenerator<ChatEvent> {
  yield* []
}

/** A provider of this process. */
const scripted = (stream: () => AsyncGenerator<ChatEvent> = nothing): Provider => ({
  id: 'acme',
  info: { name: 'Acme', url: 'https://acme.example', auth: 'none', streaming: true, models: [], settings: [] },
  stream,
})

const DOCUMENTS: readonly { by: string; about: string; path: string; body?: unknown; type: string }[] = [
  { by: 'openai', about: 'models', path: '/v1/models', type: 'OpenaiModels' },
  { by: 'openai', about: 'a model', path: '/v1/models/gpt-6.1-terra', type: 'OpenaiModel' },
  {
    by: 'openai',
    about: 'embeddings',
    path: '/v1/embeddings',
    body: { model: 'text-embedding-3-small', input: ['a river', 'a sea'], encoding_format: 'float' },
    type: 'OpenaiVectors',
  },
  { by: '@anthropic-ai/sdk', about: 'models', path: '/v1/models', type: 'MessagesModels' },
  { by: '@anthropic-ai/sdk', about: 'a model', path: '/v1/models/gpt-6.1-terra', type: 'MessagesModel' },
  { by: '@google/genai', about: 'models', path: '/v1beta/models', type: 'GeminiModels' },
  { by: '@google/genai', about: 'a model', path: '/v1beta/models/gemini-3.8-flash', type: 'GeminiWireModel' },
  {
    by: '@google/genai',
    about: 'an embedding',
    path: '/v1beta/models/gemini-embedding-001:embedContent',
    body: { content: { parts: [{ text: 'a river' }] } },
    type: 'GeminiVector',
  },
  {
    by: '@google/genai',
    about: 'embeddings',
    path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    body: { requests: [{ model: 'models/gemini-embedding-001', content: { parts: [{ text: 'a river' }] } }] },
    type: 'GeminiVectors',
  },
  {
    by: '@google/genai',
    about: 'a stream as a list',
    path: '/v1beta/models/gemini-3.8-flash:streamGenerateContent',
    body: { contents: [{ role: 'user', parts: [{ text: 'count to 5' }] }] },
    type: 'GeminiFrame',
  },
]
