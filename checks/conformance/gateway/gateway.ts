import assert from 'node:assert/strict'
import { gateway as serve } from '@rivulet/gateway'
import { simulator, type Simulator } from '@rivulet/simulator'
import OpenAI from 'openai'
import { anthropic, google, openai, type Provider } from 'rivulet'
import { anthropic as anthropicScenarios } from '../clients/anthropic.ts'
import { google as googleScenarios } from '../clients/google.ts'
import { openai as openaiScenarios } from '../clients/openai.ts'
import { openaiResponses } from '../clients/openai-responses.ts'
import type { Endpoint, Scenarios } from '../clients/scenario.ts'
import { short, type Verdict, verdict } from '../verdict.ts'
import { aiAnthropic, aiCompatible, aiGoogle, aiOpenai, aiOpenaiChat } from './ai-sdk.ts'
import { canary } from './canary.ts'
import { langchain, langchainResponses } from './langchain.ts'
import { agentsChat, agentsResponses } from './openai-agents.ts'

interface Part {
  readonly client: string
  readonly scenarios: Scenarios
  /** The endpoint that answers, through the gateway. */
  readonly provider: (sim: Simulator) => Provider
  /** Appended to the address of the gateway. */
  readonly path: string
  /** Scenarios that say what only the vendor's own endpoint does, or that are said otherwise below. */
  readonly without?: readonly string[]
}

const apiKey = 'key-of-the-server'
const chat = (sim: Simulator): Provider => openai({ apiKey, baseUrl: sim.baseUrl('openai') })
const responses = (sim: Simulator): Provider =>
  openai({ apiKey, api: 'responses', baseUrl: sim.baseUrl('openai-responses') })
const messages = (sim: Simulator): Provider => anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') })
const gemini = (sim: Simulator): Provider => google({ apiKey, baseUrl: sim.baseUrl('google') })

const PARTS: readonly Part[] = [
  // A refusal comes as text, whose reason is the filter.
  { client: 'openai', scenarios: openaiScenarios, provider: chat, path: '/v1', without: ['refusal'] },
  {
    client: 'openai, responses',
    scenarios: { ...openaiResponses, 'in-band error': failedResponse },
    provider: responses,
    path: '/v1',
  },
  {
    client: '@anthropic-ai/sdk',
    scenarios: anthropicScenarios,
    provider: messages,
    path: '',
    // The provider asks again without thoughts that the vendor refuses.
    without: ['tools with thoughts'],
  },
  {
    client: '@google/genai',
    scenarios: googleScenarios,
    provider: gemini,
    path: '',
    // The vendor's server has a status of its own for it.
    without: ['a wrong key (400)'],
  },
  { client: 'ai, @ai-sdk/openai', scenarios: aiOpenai, provider: responses, path: '/v1' },
  { client: 'ai, @ai-sdk/openai, chat', scenarios: aiOpenaiChat, provider: chat, path: '/v1' },
  { client: 'ai, @ai-sdk/openai-compatible', scenarios: aiCompatible, provider: chat, path: '/v1' },
  { client: 'ai, @ai-sdk/anthropic', scenarios: aiAnthropic, provider: messages, path: '/v1' },
  { client: 'ai, @ai-sdk/google', scenarios: aiGoogle, provider: gemini, path: '/v1beta' },
  { client: '@langchain/openai', scenarios: langchain, provider: chat, path: '/v1' },
  { client: '@langchain/openai, responses', scenarios: langchainResponses, provider: responses, path: '/v1' },
  { client: '@openai/agents', scenarios: agentsResponses, provider: responses, path: '/v1' },
  { client: '@openai/agents, chat', scenarios: agentsChat, provider: chat, path: '/v1' },
]

/** A failure is the end of the response: Codex passes over an event that says `error` alone. */
async function failedResponse(at: Endpoint): Promise<string> {
  at.fault('openai-responses', { kind: 'error-mid-stream', times: 1 })
  const baseURL = at.baseUrl('openai-responses')
  const client = new OpenAI({ apiKey: 'sk-test', baseURL, maxRetries: 0, fetch: at.fetch })
  const stream = await client.responses.create({ model: 'gpt-6.1-terra', input: 'count to 9', stream: true })
  const events = await Array.fromAsync(stream)
  const last = events.at(-1)
  assert.ok(last?.type === 'response.failed')
  assert.match(last.response.error?.message ?? '', /overloaded/)
  return short(last.response.error?.message ?? '')
}

/**
 * The vendors' clients, and others, do through the gateway what they do at the vendors' endpoints: on a port, and in this process
 * without one.
 */
export async function* gateway(): AsyncGenerator<Verdict> {
  await using sim = await simulator()
  for (const { client, scenarios, provider, path, without = [] } of PARTS) {
    // A retry would hide what a client must be told.
    const { fetch, listen } = serve(provider(sim), { keys: 'sk-test', retry: false })
    const { url, close } = await listen({ port: 0 })
    const kinds = { '': { url }, ', in process': { url: 'http://gateway.local', fetch } }
    for (const [kind, { url: base, ...own }] of Object.entries(kinds)) {
      const at: Endpoint = {
        baseUrl: () => base + path,
        fault: (...given) => {
          sim.fault(...given)
        },
        requests: sim.requests,
        ...own,
      }
      for (const [name, scenario] of Object.entries(scenarios)) {
        if (without.includes(name)) continue
        yield await verdict(client + kind, name, () => scenario(at))
        sim.clear()
      }
    }
    await close({ drainMs: 100 })
  }
  yield* canary(sim)
}
