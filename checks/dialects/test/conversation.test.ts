import {
  type AssistantPart,
  collect,
  type HttpRequest,
  type Message,
  type Provider,
  toMessage,
  type Tool,
  type Transport,
} from '@rivulet/core'
import { fetchTransport } from '@rivulet/core/fetch'
import { partsOf } from '@rivulet/core/provider'
import { anthropic } from '@rivulet/provider-anthropic'
import { google } from '@rivulet/provider-google'
import { ollama } from '@rivulet/provider-ollama'
import { openai } from '@rivulet/provider-openai'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { type Simulator, simulator } from '@rivulet/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const TURNS = 30

const weather: Tool = {
  name: 'weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

interface Stop {
  provider: Provider
  model: string
  /** Whether it returns signed reasoning. */
  signs: boolean
}

let sim: Simulator | undefined
let stops: Stop[] = []
/** What was sent last. */
let sent: HttpRequest | undefined
const transport: Transport = (request, options) => {
  sent = request
  return fetchTransport()(request, options)
}

beforeAll(async () => {
  sim = await simulator({ seed: 1, pace: 'instant' })
  const at = (dialect: 'anthropic' | 'openai' | 'openai-responses' | 'google' | 'ollama') => ({
    apiKey: 'key-of-the-test',
    baseUrl: sim?.baseUrl(dialect) ?? '',
    transport,
  })
  stops = [
    { provider: anthropic(at('anthropic')), model: 'claude-sonnet-5-5', signs: true },
    { provider: openai({ ...at('openai-responses'), api: 'responses' }), model: 'gpt-6.1-terra', signs: true },
    { provider: google(at('google')), model: 'gemini-4-argon', signs: true },
    { provider: openai(at('openai')), model: 'gpt-6.1-terra', signs: false },
    { provider: ollama({ baseUrl: at('ollama').baseUrl, transport }), model: 'qwen3-vl:8b', signs: false },
    { provider: openaiCompatible({ id: 'compatible', ...at('openai') }), model: 'gpt-6.1-terra', signs: false },
  ]
})
afterAll(async () => {
  await sim?.close()
})

/** One turn of the user's, the answer, and the results of the tools that it calls. */
async function takeTurn({ provider, model }: Stop, messages: Message[], at: number): Promise<void> {
  const question = at % 2 === 0 ? 'Call the weather tool.' : `Count to ${at + 1}.`
  messages.push({
    role: 'user',
    content: [{ type: 'text', text: question }, ...(at % 7 === 0 ? [{ type: 'image', url: PIXEL } as const] : [])],
    ...(at % 5 === 0 && { cache: at % 2 === 0 ? true : '1h' }),
  })
  const request = { model, messages, tools: [weather], reasoning: 'low', maxTokens: 4_000 } as const
  const result = await collect(provider.stream(request, { unsupported: 'drop' }))
  messages.push(toMessage(result))
  for (const call of result.toolCalls) {
    messages.push({
      role: 'tool',
      toolCallId: call.id,
      content:
        at % 4 === 0
          ? [
              { type: 'text', text: 'A map:' },
              { type: 'image', url: PIXEL },
            ]
          : 'Sunny.',
    })
  }
  if (result.toolCalls.length > 0) messages.push({ role: 'user', content: 'Thank you.' })
}

/** Everything that proves whose thoughts these are. */
const proofs = (parts: readonly AssistantPart[]): string[] =>
  parts.flatMap((part) =>
    ['signature' in part ? part.signature : undefined, part.type === 'reasoning' ? part.sealed : undefined].filter(
      (proof) => proof !== undefined,
    ),
  )

test('a conversation of 30 turns moves through six providers and back, and the first gets its own signatures, in order', async () => {
  const messages: Message[] = []
  for (let at = 0; at < TURNS; at++) {
    const stop = stops[at % stops.length]
    if (stop === undefined) throw new Error('no provider')
    await takeTurn(stop, messages, at)
  }
  const turns = messages.filter((message) => message.role === 'assistant')
  for (const [at, { signs, provider }] of stops.entries()) {
    const own = turns.filter(({ origin }) => origin?.provider === provider.id)
    if (signs)
      expect(
        own.flatMap((turn) => proofs(partsOf(turn))),
        `proofs of ${at}`,
      ).not.toEqual([])
  }

  const [first] = stops
  if (first === undefined) throw new Error('no provider')
  await takeTurn(first, messages, 0)
  const body = sent?.body
  expect(typeof body).toBe('string')
  const wire = String(body)
  const ownProofs = turns
    .filter(({ origin }) => origin?.provider === 'anthropic')
    .flatMap((turn) => proofs(partsOf(turn)))
  const places = ownProofs.map((proof) => wire.indexOf(JSON.stringify(proof)))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((one, other) => one - other))
  const others = turns.filter(({ origin }) => origin?.provider !== 'anthropic').flatMap((turn) => proofs(partsOf(turn)))
  expect(others.filter((proof) => wire.includes(JSON.stringify(proof).slice(1, -1)))).toEqual([])
})

test('a thought of another model never becomes text', async () => {
  const [first, second] = stops
  if (first === undefined || second === undefined) throw new Error('no provider')
  const messages: Message[] = []
  await takeTurn(first, messages, 0)
  const thoughts = messages.flatMap((message) =>
    message.role === 'assistant'
      ? partsOf(message).flatMap((part) => (part.type === 'reasoning' ? [part.text] : []))
      : [],
  )
  expect(thoughts.join('')).not.toBe('')
  await takeTurn(second, messages, 1)
  for (const thought of thoughts) expect(sent?.body).not.toContain(JSON.stringify(thought).slice(1, -1))
})
