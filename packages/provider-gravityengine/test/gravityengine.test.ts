import { readFileSync } from 'node:fs'
import { ChatError, collect, describeProvider as describeInWords, type UserPart } from '@rivulet/core'
import { simulator, type Simulator } from '@rivulet/simulator'
import { testProvider, replay } from '@rivulet/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { gravityengine, type GravityengineOptions } from '../src/index.ts'
import { subject } from './subject.ts'

const { request } = subject

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
const sse = 'text/event-stream; charset=utf-8'

testProvider({ runner: { describe, it }, ...subject })

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.variant('gravityengine', undefined)
  sim.clear()
})
afterAll(() => sim.close())

const provider = (options: GravityengineOptions = {}) =>
  gravityengine({ baseUrl: sim.baseUrl('gravityengine'), ...options })
const played = (contentType: string, body: Uint8Array | string) =>
  gravityengine({ transport: replay({ status: 200, headers: { 'content-type': contentType }, chunks: [body] }) })

describe('the request', () => {
  test('goes to the public host by default', async () => {
    const url = 'https://gpt4.gravityengine.cc/api/openai/v1/chat/completions'
    const answer = { status: 200, headers: { 'content-type': sse }, chunks: [fixture('text.sse')] }
    const transport = replay({ ...answer, request: { method: 'POST', url } })
    expect(await collect(gravityengine({ transport }).stream(request))).toMatchObject({ provider: 'gravityengine' })
  })

  test('has this path, no query, these headers and this body', async () => {
    await collect(provider().stream(request))
    expect(sim.requests).toHaveLength(1)
    expect(sim.requests[0]).toMatchObject({
      method: 'POST',
      path: '/gravityengine/api/openai/v1/chat/completions',
      query: {},
      headers: { 'content-type': 'application/json' },
      status: 200,
    })
    const connection = ['connection', 'content-length', 'host']
    expect(Object.keys(sim.requests[0]?.headers ?? {}).sort()).toEqual([...connection, 'content-type'].sort())
    const { model, messages } = request
    expect(sim.requests[0]?.body).toEqual({ model, messages, stream: true, temperature: 0.7, presence_penalty: 0 })
  })

  test('says nothing of streaming when one piece is asked for', async () => {
    await collect(provider().stream({ ...request, stream: false }))
    const { model, messages } = request
    expect(sim.requests[0]?.body).toEqual({ model, messages, temperature: 0.7, presence_penalty: 0 })
  })

  test('carries temperature and presence penalty as they are given, also 0', async () => {
    await collect(provider().stream({ ...request, temperature: 0, presencePenalty: -1.5 }))
    expect(sim.requests[0]?.body).toMatchObject({ temperature: 0, presence_penalty: -1.5 })
  })

  test('takes headers, and no credential', async () => {
    await collect(provider({ headers: { 'X-Trace': 'a' } }).stream(request))
    expect(sim.requests[0]?.headers).toMatchObject({ 'x-trace': 'a' })
    expect(() => gravityengine({ auth: 'x' } as GravityengineOptions)).toThrow(/unknown option "auth"/)
  })
})

describe('the answer', () => {
  test.each(['sse', 'json', 'lines'] as const)('is read in any form, whatever was asked for: %s', async (variant) => {
    sim.variant('gravityengine', variant)
    for (const stream of [true, false]) {
      const { text, reason, model } = await collect(provider().stream({ ...request, stream }))
      expect({ text, reason, model }).toEqual({ text: '1, 2, 3, 4, 5.', reason: 'stop', model: request.model })
    }
  })

  test.each(['text/plain', 'text/html', 'application/octet-stream', ''])(
    'is recognized by its bytes when its content type is %j',
    async (contentType) => {
      const texts = ['text.sse', 'document.json', 'lines.ndjson'].map(
        async (name) => (await collect(played(contentType, fixture(name)).stream(request))).text,
      )
      expect(await Promise.all(texts)).toEqual([
        'Rivers of "naïve" \\ data 🏞️\n→ sea',
        'One piece:\n"naïve" 🏞️.',
        'Zwei Zeilen: ñ 🧵',
      ])
    },
  )

  test('skips a line that is not JSON, and counts it', async () => {
    const { text, skipped } = await collect(
      played('application/x-ndjson', fixture('lines-with-junk.ndjson')).stream(request),
    )
    expect({ text, skipped }).toEqual({ text: 'Zwei Zeilen.', skipped: 2 })
  })

  test('tells the usage when there is one', async () => {
    const { usage } = await collect(played('application/json', fixture('document.json')).stream(request))
    expect(usage).toEqual({ inputTokens: 9, outputTokens: 12, source: 'reported' })
  })
})

describe('the description', () => {
  test('is data', () => {
    const { id, info } = gravityengine()
    expect(id).toBe('gravityengine')
    expect(info).toMatchObject({
      name: 'Gravityengine',
      url: 'https://gpt4.gravityengine.cc',
      auth: 'none',
      streaming: true,
      models: [{ id: 'gpt-3.5-turbo-16k' }, { id: 'gpt-3.5-turbo-0613' }],
    })
  })

  test('is prose', () => {
    expect(describeInWords(gravityengine())).toBe(
      'Gravityengine supports: (model: string, messages: Message[], stream: boolean, ' +
        'temperature: number = 0.7, presencePenalty: number = 0)',
    )
  })

  test('is in the error for other fields, unless they are to be ignored', async () => {
    const wide = { ...request, maxTokens: 5 }
    expect(() => provider().stream(wide)).toThrow(/^Gravityengine .*"maxTokens".*model, messages, stream, temperature/)
    await collect(provider({ unsupported: 'drop' }).stream(wide))
    expect(sim.requests[0]?.body).not.toHaveProperty('max_tokens')
  })
})

describe('bugs of the first versions', () => {
  test('`message.content` was read from a stream that carries `delta.content`, and the reverse (Gravityengine)', async () => {
    const told = (field: string) => `{"choices":[{"${field}":{"content":"Hello"},"finish_reason":"stop"}]}`
    const bodies = [
      ['text/event-stream', `data: ${told('delta')}\n\ndata: [DONE]\n\n`],
      ['text/event-stream', `data: ${told('message')}\n\ndata: [DONE]\n\n`],
      ['application/json', told('message')],
      ['application/json', told('delta')],
      ['application/x-ndjson', `${told('message')}\n`],
      ['application/x-ndjson', `${told('delta')}\n`],
    ] as const
    for (const [contentType, body] of bodies) {
      expect((await collect(played(contentType, body).stream(request))).text, `${contentType} ${body}`).toBe('Hello')
    }
  })

  test('a substring test (`"content" in line`) decided what a line meant', async () => {
    const lines = [
      '{"note":"no \\"content\\" here","choices":[]}',
      '{"choices":[{"message":{"role":"assistant","content":"the word \\"content\\" is text"}}]}',
      '"content": not JSON',
      '{"choices":[{"message":{"role":"assistant","refusal":"content"},"finish_reason":"stop"}]}',
    ]
    const { text, skipped } = await collect(played('application/x-ndjson', lines.join('\n')).stream(request))
    expect({ text, skipped }).toEqual({ text: 'the word "content" is text', skipped: 1 })
  })

  test.each(['html-200', 'empty-200', 'status', 'garbage', 'json-error-200'] as const)(
    'HTTP errors, HTML pages and empty answers ended as an empty string: %s',
    async (fault) => {
      for (const stream of [true, false]) {
        sim.fault('gravityengine', fault)
        await expect(collect(provider().stream({ ...request, stream }))).rejects.toBeInstanceOf(ChatError)
      }
    },
  )

  test('a process exit, or a printed line, instead of a typed error', async () => {
    const spies = [
      vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name)),
    ]
    sim.fault('gravityengine', { kind: 'status', status: 503 })
    const error: unknown = await collect(provider().stream(request)).catch((thrown: unknown) => thrown)
    const calls = spies.map((spy) => spy.mock.calls.length)
    for (const spy of spies) spy.mockRestore()
    expect(error).toMatchObject({ name: 'ChatError', code: 'overloaded' })
    expect(calls).toEqual(calls.map(() => 0))
  })
})

test('texts in parts are one text, and an image is refused before anything is sent', async () => {
  const ask = (...content: UserPart[]) =>
    collect(provider().stream({ ...request, messages: [{ role: 'user', content }] }))
  await ask({ type: 'text', text: 'a' }, { type: 'text', text: 'b' })
  await expect(ask({ type: 'image', url: 'https://a.example/a.png' })).rejects.toMatchObject({ code: 'unsupported' })
  expect(sim.requests.map(({ body }) => body)).toMatchObject([{ messages: [{ role: 'user', content: 'ab' }] }])
})
