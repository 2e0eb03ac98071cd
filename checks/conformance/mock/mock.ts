import assert from 'node:assert/strict'
import { ChatError, type ChatResult, collect, type Provider, runTools, tool } from '@rivulet/core'
import { anthropic, google, ollama, openai } from 'rivulet'
import { type Verdict, verdict } from '../verdict.ts'
import { answer, book, longAnswer, mockServer, place, thought } from './server.ts'

interface Scene {
  provider: Provider
  /** Whether the answer is streamed. */
  stream: boolean
}

/** Returns what was observed, in a few words; throws when it is wrong. */
type Look = (scene: Scene) => Promise<string>

/** `@copilotkit/aimock`, which has its own reading of the dialects, answers our providers: streamed, then in one piece. */
export async function* mock(): AsyncGenerator<Verdict> {
  await using server = await mockServer()
  const { url } = server
  const apiKey = 'sk-test'
  const providers: Readonly<Record<string, Provider>> = {
    openai: openai({ apiKey, baseUrl: `${url}/v1` }),
    'openai, responses': openai({ apiKey, baseUrl: `${url}/v1`, api: 'responses' }),
    anthropic: anthropic({ apiKey, baseUrl: url }),
    google: google({ apiKey, baseUrl: url }),
    ollama: ollama({ baseUrl: url }),
  }
  for (const [name, provider] of Object.entries(providers)) {
    for (const [about, look] of Object.entries(looks)) {
      yield await verdict(name, about, async () => {
        const seen = await look({ provider, stream: true })
        await look({ provider, stream: false })
        return seen
      })
    }
  }
}

const failures = {
  400: 'bad-request',
  401: 'auth',
  404: 'not-found',
  500: 'overloaded',
  529: 'overloaded',
} as const

const looks: Readonly<Record<string, Look>> = {
  async text(scene) {
    const result = await ask(scene, 'hello')
    assert.equal(result.text, answer)
    assert.equal(result.reason, 'stop')
    return result.text
  },
  async thoughts(scene) {
    if (scene.provider.id === 'ollama') return 'the mock has no thoughts'
    const { reasoning = '' } = await ask(scene, 'think')
    assert.equal(reasoning, thought)
    return reasoning
  },
  async tools({ provider, stream }) {
    const given: unknown[] = []
    const weather = tool<{ city: string }>({
      name: 'weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      run: ({ city }) => given.push(city) && '21 degrees',
    })
    const time = tool({ name: 'time', run: () => given.push('time') && 'noon' })
    const request = { model: modelOf(provider), stream, messages: [{ role: 'user' as const, content: 'weather' }] }
    const run = runTools(provider, { request, tools: [weather, time] })
    let text = ''
    for await (const event of run) if (event.type === 'text') text += event.text
    assert.deepEqual(given, [place, 'time'])
    // The mock answers with the results that it read.
    assert.equal(text, '21 degrees, noon')
    return text
  },
  async 'a schema'(scene) {
    const result = await ask(scene, 'book', { responseFormat: { name: 'book', schema: { type: 'object' } } })
    assert.deepEqual(JSON.parse(result.text), book)
    return result.text
  },
  async 'a cut stream'(scene) {
    // The mock does not cut an answer in one piece.
    if (!scene.stream) return ''
    const error = await failureOf(scene, 'cut')
    assert.equal(error.code, 'truncated')
    const { text = '' } = error.partial ?? {}
    assert.ok(text !== '' && text !== longAnswer && longAnswer.startsWith(text))
    return `truncated, with “${text}”`
  },
  async 'a closed connection'(scene) {
    const error = await failureOf(scene, 'disconnect')
    assert.equal(error.code, 'network')
    return error.message
  },
  async 'invalid JSON'(scene) {
    const error = await failureOf(scene, 'malformed')
    assert.equal(error.code, 'malformed')
    return error.message
  },
  async 'a rate limit'(scene) {
    const { code, retryAfterMs } = await failureOf(scene, 'rate')
    assert.deepEqual([code, retryAfterMs], ['rate-limited', 1000])
    return `${code}, after ${retryAfterMs ?? 0} ms`
  },
  async statuses(scene) {
    const seen = await Promise.all(
      Object.keys(failures).map(async (status) => [status, (await failureOf(scene, `status ${status}`)).code]),
    )
    assert.deepEqual(Object.fromEntries(seen), failures)
    return seen.map((pair) => pair.join(' ')).join(', ')
  },
}

const modelOf = ({ info }: Provider): string => info.models[0]?.id ?? ''

function ask({ provider, stream }: Scene, content: string, more: object = {}): Promise<ChatResult> {
  const messages = [{ role: 'user' as const, content }]
  return collect(provider.stream({ model: modelOf(provider), stream, messages, ...more }))
}

async function failureOf(scene: Scene, content: string): Promise<ChatError> {
  try {
    const { text } = await ask(scene, content)
    throw new Error(`nothing failed: ${text}`)
  } catch (error) {
    if (error instanceof ChatError) return error
    throw error
  }
}
