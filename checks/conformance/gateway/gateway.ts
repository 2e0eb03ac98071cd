import assert from 'node:assert/strict'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { gateway as serve } from '@rivulet/gateway'
import { simulator, type Simulator } from '@rivulet/simulator'
import { anthropic, google, openai, type Provider } from 'rivulet'
import { anthropic as anthropicScenarios } from '../clients/anthropic.ts'
import { google as googleScenarios } from '../clients/google.ts'
import { openai as openaiScenarios } from '../clients/openai.ts'
import { openaiResponses } from '../clients/openai-responses.ts'
import type { Scenarios } from '../clients/scenario.ts'
import { short, type Verdict, verdict } from '../verdict.ts'

interface Part {
  readonly client: string
  readonly scenarios: Scenarios
  /** The endpoint that answers, through the gateway. */
  readonly provider: (sim: Simulator) => Provider
  /** Appended to the address of the gateway. */
  readonly path: string
  /** Scenarios that say what only the vendor's own endpoint does, or that are said otherwise below. */
  readonly without: readonly string[]
}

const apiKey = 'key-of-the-server'
const PARTS: readonly Part[] = [
  {
    client: 'openai',
    scenarios: openaiScenarios,
    provider: (sim) => openai({ apiKey, baseUrl: sim.baseUrl('openai') }),
    path: '/v1',
    // It comes as text, whose reason is the filter.
    without: ['refusal'],
  },
  {
    client: 'openai, responses',
    scenarios: { ...openaiResponses, 'in-band error': failedResponse },
    provider: (sim) => openai({ apiKey, api: 'responses', baseUrl: sim.baseUrl('openai-responses') }),
    path: '/v1',
    without: [],
  },
  {
    client: '@anthropic-ai/sdk',
    scenarios: anthropicScenarios,
    provider: (sim) => anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') }),
    path: '',
    // The provider asks again without thoughts that the vendor refuses.
    without: ['tools with thoughts'],
  },
  {
    client: '@google/genai',
    scenarios: googleScenarios,
    provider: (sim) => google({ apiKey, baseUrl: sim.baseUrl('google') }),
    path: '',
    // The vendor's server has a status of its own for it.
    without: ['a wrong key (400)'],
  },
]

/** A failure is the end of the response: Codex passes over an event that says `error` alone. */
async function failedResponse(sim: Simulator): Promise<string> {
  sim.fault('openai-responses', { kind: 'error-mid-stream', times: 1 })
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: sim.baseUrl('openai-responses'), maxRetries: 0 })
  const stream = await client.responses.create({ model: 'gpt-6.1-terra', input: 'count to 9', stream: true })
  const events = await Array.fromAsync(stream)
  const last = events.at(-1)
  assert.ok(last?.type === 'response.failed')
  assert.match(last.response.error?.message ?? '', /overloaded/)
  return short(last.response.error?.message ?? '')
}

/** The vendors' clients do through the gateway what they do at the vendors' endpoints. */
export async function* gateway(): AsyncGenerator<Verdict> {
  await using sim = await simulator()
  for (const { client, scenarios, provider, path, without } of PARTS) {
    // A retry would hide what a client must be told.
    const { url, close } = await serve(provider(sim), { keys: 'sk-test', retry: false }).listen({ port: 0 })
    // It has no prototype's private parts: only what scenarios call.
    const through = Object.create(sim, { baseUrl: { value: () => url + path } }) as Simulator
    for (const [name, scenario] of Object.entries(scenarios)) {
      if (without.includes(name)) continue
      yield await verdict(client, name, () => scenario(through))
      sim.clear()
    }
    await close()
  }
  yield await verdict('openai', 'fetch in process', () => inProcess(sim))
  yield await verdict('@anthropic-ai/sdk', 'fetch in process, an abort', () => aborted(sim))
}

/** A client of this process needs no port. */
async function inProcess(sim: Simulator): Promise<string> {
  const { fetch } = serve(openai({ apiKey, baseUrl: sim.baseUrl('openai') }))
  const client = new OpenAI({ apiKey: 'any', baseURL: 'http://gateway.local/v1', fetch })
  const stream = client.chat.completions.stream({
    model: 'gpt-6.1-terra',
    messages: [{ role: 'user', content: 'count to 5' }],
  })
  const text = (await stream.finalChatCompletion()).choices[0]?.message.content ?? ''
  assert.equal(text, '1, 2, 3, 4, 5.')
  return text
}

/** A client that leaves closes the connection to the endpoint. */
async function aborted(sim: Simulator): Promise<string> {
  sim.fault('anthropic', { kind: 'stall-mid-stream', times: 1 })
  const { fetch } = serve(anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') }))
  const client = new Anthropic({ apiKey: 'any', baseURL: 'http://gateway.local', fetch })
  const stream = client.messages.stream({
    model: 'claude-opus-5-5',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'count to 9' }],
  })
  for await (const { type } of stream) {
    if (type === 'content_block_delta') break
  }
  const asked = sim.requests.at(-1)
  await asked?.done
  assert.equal(asked?.answerTaken, false)
  return 'the endpoint saw its client leave'
}
