import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { type FaultKind, faultKinds, simulator, type Simulator } from '@rivulet/simulator'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anthropic,
  ChatError,
  chatRequest,
  type ChatRequest,
  collect,
  deepseek,
  google,
  mistral,
  openai,
  openrouter,
  type Provider,
  remote,
  toResponse,
} from '../src/index.ts'

let sim: Simulator
let provider: Provider
let page: Provider
const server = createServer((incoming, outgoing) => {
  const answer = async (): Promise<void> => {
    const body = await text(incoming)
    const response = await toResponse(() => provider.stream(chatRequest(body)))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body === null) outgoing.end()
    else await pipeline(Readable.fromWeb(response.body), outgoing)
  }
  answer().catch(() => outgoing.destroy())
})
beforeAll(async () => {
  sim = await simulator({ pace: 'instant', seed: 1 })
  provider = openai({ apiKey: 'sk-of-the-server', baseUrl: sim.baseUrl('openai') })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  page = remote(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`)
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await sim.close()
})

/** What a reader has in the end: an answer or a failure, without what differs from one request to the next. */
async function outcome(asked: Provider): Promise<object> {
  sim.clear()
  return collect(asked.stream({ model: 'gpt-6.1-sol', messages: [{ role: 'user', content: 'count to 9' }] })).then(
    ({ id: _, ...result }) => result,
    (error: unknown) => {
      if (!(error instanceof ChatError)) throw error
      const { code, message, status, retryAfterMs, provider: id, partial: { id: _, ...partial } = {} } = error
      return { code, message, status, retryAfterMs, id, partial }
    },
  )
}

/** Those that end by a deadline or not at all, and those that are drawn. */
const ENDLESS: readonly string[] = ['trickle', 'pings-forever', 'slow-accept', 'random']
const kinds = faultKinds.filter((kind) => !kind.startsWith('stall') && !ENDLESS.includes(kind))

test.for(kinds)('a page has what its server has of an endpoint’s fault: %s', async (kind: FaultKind) => {
  const faulty = (asked: Provider): Promise<object> => {
    const outcomes = outcome(asked)
    sim.fault('openai', { kind })
    return outcomes
  }
  const direct = await faulty(provider)
  expect(await faulty(page)).toEqual(direct)
})

test('no key of the server reaches its page', async () => {
  sim.clear()
  sim.fault('openai', { kind: 'status', status: 401, body: { error: { message: 'Wrong key: sk-of-the-server' } } })
  const request: ChatRequest = { model: 'gpt-6.1-sol', messages: [{ role: 'user', content: 'Hello' }] }
  const error: unknown = await collect(page.stream(request)).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'auth', message: expect.stringContaining('Wrong key: ***') as string })
})

const options = { apiKey: 'sk-test', unsupported: 'drop' } as const
const providers = [openai, anthropic, google, mistral, deepseek, openrouter].map((factory) => factory(options))
const image = 'data:image/png;base64,iVBORw0KGgo='
const whole = {
  model: 'm1',
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image', url: image },
        { type: 'file', url: image, name: 'a' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'a', signature: 'b', sealed: 'c', id: 'd' },
        { type: 'text', text: 'a', signature: 'b' },
        { type: 'tool-call', id: 'a', name: 'b', input: '{}', signature: 'c' },
        { type: 'tool-call', id: 'b', name: 'b', input: 'a', format: 'text' },
      ],
      origin: { provider: 'openai', model: 'm1' },
    },
    { role: 'tool', toolCallId: 'a', content: 'a', isError: true },
    { role: 'tool', toolCallId: 'b', content: [{ type: 'image', url: image }] },
  ],
  maxTokens: 5,
  tools: [
    { name: 'b', parameters: { type: 'object', properties: { a: { type: 'string' } } }, strict: true },
    { type: 'text', name: 'c', grammar: { syntax: 'lark', definition: 'a' } },
  ],
  toolChoice: { name: 'b' },
  responseFormat: { name: 'a', schema: { type: 'object' } },
  reasoning: 'low',
}

/** Calls `visit` with each object in a document and each of its names. */
function eachField(value: unknown, visit: (fields: Record<string, unknown>, name: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    visit(value as Record<string, unknown>, name)
    eachField(inner, visit)
  }
}

test('what chatRequest() takes is a mistake for no provider, whatever a stranger has changed', () => {
  const fields: number[] = []
  eachField(whole, () => fields.push(fields.length))
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('', '\ud83c', image, 'https://a.example/', 'assistant', 'native'),
  )
  let taken = 0
  fc.assert(
    fc.property(fc.constantFrom(...fields), values, (place, value) => {
      const body = structuredClone(whole)
      const targets: [object: Record<string, unknown>, name: string][] = []
      eachField(body, (...target) => targets.push(target))
      const [object, name] = targets[place] ?? expect.fail('no such field')
      object[name] = value
      let request: ChatRequest
      try {
        request = chatRequest(body)
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-request' })
        return
      }
      taken++
      for (const each of providers) each.stream(request)
    }),
    { numRuns: 1_000 },
  )
  expect(taken).toBeGreaterThan(0)
})
