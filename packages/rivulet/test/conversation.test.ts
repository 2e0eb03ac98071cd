import { type AssistantMessage, type Message, type Provider, runTools, tool } from '@rivulet/core'
import { partsOf } from '@rivulet/core/provider'
import { type RecordedRequest, type Simulator, simulator } from '@rivulet/simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anthropic, deepseek, google, handOff, mistral, ollama, openai } from '../src/index.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

interface Turn {
  provider: Provider
  model: string
  city: string
  /** What is asked of the model beside the question. */
  more?: { reasoning: 'low' }
}

/** Who is asked, in turn; the first and the last are one. */
function turns(): Turn[] {
  const at = (dialect: Parameters<Simulator['baseUrl']>[0]) => ({ apiKey: 'sk-test', baseUrl: sim.baseUrl(dialect) })
  const first = { provider: openai({ ...at('openai-responses'), api: 'responses' }), model: 'gpt-6.1-terra' }
  const more = { reasoning: 'low' } as const
  return [
    { ...first, city: 'Oslo', more },
    { provider: anthropic(at('anthropic')), model: 'claude-opus-5-5', city: 'Ulm', more },
    { provider: google(at('google')), model: 'gemini-3.8-flash', city: 'Lima', more },
    { provider: ollama({ baseUrl: sim.baseUrl('ollama') }), model: 'gpt-oss:20b', city: 'Rome', more },
    // The simulator has no dialect of their own for these two: OpenAI's knows no thoughts as they have them.
    { provider: mistral(at('openai')), model: 'gpt-6.1-terra', city: 'Kyoto' },
    { provider: deepseek(at('openai')), model: 'gpt-6.1-terra', city: 'Quito' },
    { ...first, city: 'Cairo', more },
  ]
}

/** Mistral's form, as its users give it. */
const receiver = (provider: Provider) =>
  provider.id === 'mistral'
    ? { id: 'mistral', toolCallIds: { characters: 'alphanumeric', minLength: 9, maxLength: 9 } as const }
    : provider

const weather = tool<{ location: string }>({
  name: 'get_weather',
  parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
  run: ({ location }) => `21 degrees in ${location}`,
})

/** What proves an author's thoughts: the seals, or the signatures of parts. */
function proofsOf(message: AssistantMessage): string[] {
  return partsOf(message).flatMap((part) => {
    if (part.type === 'reasoning' && part.sealed !== undefined) return [part.sealed]
    return 'signature' in part && part.signature !== undefined ? [part.signature] : []
  })
}

/** Every id in a list of that name, wherever it stands in a body. */
function idsIn(value: unknown, names: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => idsIn(item, names))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    names.includes(name) && typeof inner === 'string' ? [inner] : idsIn(inner, names),
  )
}

test('one conversation with a tool goes through six providers and back', async () => {
  const history: Message[] = []
  /** The requests of each turn, in order. */
  const asked: RecordedRequest[][] = []
  for (const { provider, model, city, more } of turns()) {
    history.push({ role: 'user', content: `What is the weather in ${city}?` })
    // The history stays whole: what is left out for one, its author has again when the conversation comes back.
    const handed = handOff(history, receiver(provider))
    const before = sim.requests.length
    const run = runTools(provider, { request: { model, messages: [...handed], ...more }, tools: [weather] })
    let text = ''
    for await (const event of run) if (event.type === 'text') text += event.text
    expect(text, provider.id).toContain(`21 degrees in ${city}`)
    history.push(...run.messages.slice(handed.length))
    asked.push(sim.requests.slice(before))
  }

  // Twice each, the call and its result, and all of it as a strict server takes it.
  expect(asked.map((requests) => requests.map(({ status }) => status))).toEqual(Array(7).fill([200, 200]))
  const written = history.filter((message): message is AssistantMessage => message.role === 'assistant')
  expect(written.map(({ origin }) => origin?.provider)).toEqual(
    turns().flatMap(({ provider }) => [provider.id, provider.id]),
  )

  for (const [index, { provider }] of turns().entries()) {
    const [, last] = asked[index] ?? []
    const body = last?.body
    // Every result finds its call, by ids that this endpoint takes.
    const calls = idsIn(body, provider.id === 'openai' ? ['call_id'] : ['id', 'tool_call_id', 'tool_use_id'])
    for (const id of new Set(calls))
      expect(
        calls.filter((other) => other === id),
        provider.id,
      ).toHaveLength(2)
    expect(new Set(calls).size, provider.id).toBe(index + 1)
    if (provider.id === 'mistral') for (const id of calls) expect(id).toMatch(/^[A-Za-z0-9]{9}$/)
    // Thoughts go to who thought them, and to nobody else.
    for (const message of written.slice(0, index * 2 + 1)) {
      for (const proof of proofsOf(message)) {
        expect(
          last?.bodyText.includes(proof),
          `${provider.id} is told what ${message.origin?.provider ?? ''} thought`,
        ).toBe(message.origin?.provider === provider.id)
      }
    }
  }

  // There was something to leave out, and something to give back.
  const proved = written.filter((message) => proofsOf(message).length > 0).map(({ origin }) => origin?.provider)
  expect(new Set(proved)).toEqual(new Set(['openai', 'anthropic', 'google']))
  const thinking: unknown = expect.stringMatching(/./)
  expect(asked[3]?.[1]?.body).toMatchObject({
    messages: expect.arrayContaining([expect.objectContaining({ role: 'assistant', thinking })]) as unknown,
  })
  const [ours] = written
  expect(asked.at(-1)?.[0]?.body).toMatchObject({
    input: expect.arrayContaining([
      expect.objectContaining({ type: 'reasoning', encrypted_content: ours && proofsOf(ours)[0] }),
    ]) as unknown,
  })
  // A call that no Gemini model made is marked as one, with the word that is documented for it.
  expect(JSON.stringify(asked[2]?.[0]?.body).split('skip_thought_signature_validator')).toHaveLength(3)
})
