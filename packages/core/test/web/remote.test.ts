import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ChatEvent, ChatRequest } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { retry } from '../../src/layers/retry.ts'
import { chat } from '../../src/plain/chat.ts'
import { pipe, type Provider } from '../../src/provider.ts'
import { collect, toMessage } from '../../src/reading/collect.ts'
import { runTools } from '../../src/tools/run-tools.ts'
import { chatRequest, type ChatRequestOptions } from '../../src/web/chat-request.ts'
import { remote } from '../../src/web/remote.ts'
import { toResponse } from '../../src/web/to-response.ts'
import { eventsOf, failure, finish, hello, local, rejection, start, textEvent } from '../support/providers.ts'
import { serveRoute, answering } from '../support/web.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A route over a provider, and what it has read. */
async function route(provider: Provider, options: ChatRequestOptions = {}) {
  const asked: ChatRequest[] = []
  const { url, requests } = await serveRoute((incoming) =>
    toResponse(async () => {
      const request = chatRequest(await incoming.text(), options)
      asked.push(request)
      return provider.stream(request, { signal: incoming.signal })
    }),
  )
  return { url: `${url}/api/chat`, asked, requests }
}

const saying = (...events: ChatEvent[]): Provider =>
  local(async function* () {
    yield* events
  })
const greeting = saying(start, textEvent('Hello back'), finish)

describe('a route of one’s own as a provider', () => {
  test('gives the events of the server, whose provider and model it names', async () => {
    const { url, asked, requests } = await route(greeting)
    expect(await eventsOf(remote(`${url}?room=1`).stream({ ...hello, session: 'a' }))).toEqual([
      start,
      textEvent('Hello back'),
      finish,
    ])
    expect(asked).toEqual([{ ...hello, session: 'a' }])
    expect(requests.map(({ path }) => path)).toEqual(['/api/chat?room=1'])
  })

  test('leaves the choice of a model to the server', async () => {
    const { url, asked } = await route(greeting, { models: ['m1', 'm2'] })
    const { complete } = chat(remote(url))
    expect((await complete('Hello')).model).toBe('m1')
    await complete({ ...hello, model: 'm2' })
    expect(asked.map(({ model }) => model)).toEqual(['m1', 'm2'])
    expect(await rejection(complete({ ...hello, model: 'm3' }))).toMatchObject({
      code: 'bad-request',
      message: 'the body: model must be one of m1, m2',
    })
  })

  test('carries a conversation on, with what its answers had', async () => {
    const native: ChatEvent = { type: 'native', dialect: 'gemini', value: { a: 1 } }
    const thought: ChatEvent = { type: 'reasoning', text: 'Hm', signature: 's' }
    const { url, asked } = await route(saying(start, thought, native, textEvent('Hi'), finish))
    const provider = remote(url)
    const first = toMessage(await collect(provider.stream(hello)))
    const dated = { ...first, date: '2026-11-28' }
    const messages = [...hello.messages, dated, { role: 'user', content: 'Go on', cache: true }] as const
    const second = await collect(provider.stream({ ...hello, messages }))
    expect(second.dropped).toEqual(['cache', 'native parts of gemini'])
    expect(asked[1]?.messages).toEqual([
      ...hello.messages,
      { ...first, content: [thought, textEvent('Hi')] },
      { role: 'user', content: 'Go on' },
    ])
  })

  test('runs the page’s own tools', async () => {
    const call: ChatEvent = { type: 'tool-call', id: 'c1', name: 'now' }
    const { url, asked } = await route(
      local(async function* (_, { messages }) {
        yield* messages.length === 1 ? [start, call, finish] : [start, textEvent('Noon.'), finish]
      }),
      { model: 'm1' },
    )
    const tool = { name: 'now', cache: true, run: () => '12:00' } as const
    const { result } = chat(remote(url)).run('What time is it?', { tools: [tool] })
    expect((await result).text).toBe('Noon.')
    expect(asked[1]?.messages.at(-1)).toEqual({ role: 'tool', toolCallId: 'c1', content: '12:00' })
  })

  test('reads a run of the server’s tools as its last answer', async () => {
    const call: ChatEvent = { type: 'tool-call', id: 'c1', name: 'now' }
    const clock = local(async function* (_, { messages }) {
      yield* messages.length === 1 ? [start, call, finish] : [start, textEvent('Noon.'), finish]
    })
    const { url } = await serveRoute((incoming) =>
      toResponse(async () =>
        runTools(clock, {
          request: chatRequest(await incoming.text()),
          tools: [{ name: 'now', run: () => '12:00' }],
        }),
      ),
    )
    const result = await collect(remote(url).stream(hello))
    expect(result).toMatchObject({ text: 'Noon.', toolCalls: [] })
    const events = await eventsOf(remote(url).stream(hello))
    expect(events.map(({ type }) => type as string)).toEqual([
      'start',
      'tool-call',
      'tool-result',
      'start',
      'text',
      'finish',
    ])
  })
})

describe('what fails', () => {
  test('at the server comes through: code, words, wait and attempts', async () => {
    const busy = new ChatError('rate-limited', 'acme: busy', { provider: 'acme', status: 429, retryAfterMs: 1_500 })
    const { url } = await serveRoute(() => toResponse(answering([], busy)))
    const error = await failure(collect(remote(url).stream(hello)), 'rate-limited')
    expect(error).toMatchObject({ provider: 'acme', status: 429, retryAfterMs: 1_500 })
    expect(error.message).toBe('acme: busy')
  })

  test('before the server is the failure of the route', async () => {
    const { url } = await serveRoute(() => new Response('{"error":"no such page"}', { status: 404 }))
    const error = await failure(collect(remote(url).stream(hello)), 'not-found')
    expect([error.message, error.provider]).toEqual(['remote: HTTP 404: no such page', 'remote'])
  })

  test('once is not seen under retry()', async () => {
    let calls = 0
    const { url } = await route(
      local(async function* () {
        if (calls++ === 0) throw new ChatError('overloaded', 'busy')
        yield* [start, textEvent('all'), finish]
      }),
    )
    const { text } = await collect(pipe(remote(url), retry({ backoffMs: 0 })).stream(hello))
    expect([text, calls]).toEqual(['all', 2])
  })

  test('says nothing of the caller’s headers', async () => {
    const secret = 'a-secret-of-the-page'
    const { url } = await serveRoute(() =>
      toResponse(
        answering(
          [],
          new ChatError('exhausted', `bad ${secret}`, {
            provider: 'acme',
            attempts: [new ChatError('auth', `no ${secret}`, { provider: 'acme' })],
          }),
        ),
      ),
    )
    const provider = remote(url, { headers: { authorization: `Bearer ${secret}` } })
    const error = await failure(collect(provider.stream(hello)), 'exhausted')
    expect([error.message, error.attempts?.[0]?.message]).toEqual(['bad ***', 'no ***'])
  })
})

describe('a URL', () => {
  test('that is relative is relative to the page, or to the worker', async () => {
    const { url, requests } = await route(greeting)
    vi.stubGlobal('document', { baseURI: `${new URL(url).origin}/rooms/1` })
    for (const path of ['/api/chat', 'chat?a=b', '../chat']) await collect(remote(path).stream(hello))
    vi.stubGlobal('document', undefined)
    vi.stubGlobal('location', { href: url })
    await collect(remote('later').stream(hello))
    expect(requests.map(({ path }) => path)).toEqual(['/api/chat', '/rooms/chat?a=b', '/chat', '/api/later'])
  })

  test('that is relative is a mistake outside a browser, at the call: a page may be rendered on a server', () => {
    const provider = remote('/api/chat')
    expect(() => provider.stream(hello)).toThrow(TypeError)
    expect(() => provider.stream(hello)).toThrow('write the whole URL, as in "https://example.com/api/chat"')
  })

  test.each(['ftp://a.example/', 'http://user:pass@a.example/', 'http://', 'https://a.example/#b', '', 5, undefined])(
    'that can’t be one is a mistake at once: %s',
    (url) => {
      expect(() => remote(url as string)).toThrow(TypeError)
      expect(() => remote(url as string)).toThrow(/as in "\/api\/chat"/)
    },
  )
})

test.each([{ baseUrl: 'https://a.example' }, { apiKey: 'a' }, { unsupported: 'drop' }])(
  'an option that there is not is a mistake: %j',
  (options) => {
    expect(() => remote('https://a.example', options as object)).toThrow(/unknown option/)
  },
)

test('extra is a mistake, because no server takes it from a page', () => {
  const provider = remote('https://a.example')
  for (const extra of [{ openai: {} }, { remote: {} }, {}]) {
    expect(() => provider.stream({ ...hello, extra })).toThrow(/extra is not sent/)
  }
})

test('a tool of one dialect’s own is unsupported, so that a group asks another member', async () => {
  const tools = [{ type: 'native', dialect: 'gemini', value: {} }] as const
  await failure(collect(remote('https://a.example').stream({ ...hello, tools })), 'unsupported')
})

test('an abort at the page ends the answer at the provider', async () => {
  const ended = Promise.withResolvers<undefined>()
  const { url } = await route(
    local(async function* (call) {
      yield start
      yield textEvent('a')
      await new Promise((resolve) => call?.signal?.addEventListener('abort', resolve))
      ended.resolve(undefined)
    }),
  )
  const abort = new AbortController()
  const reading = (async () => {
    for await (const { type } of remote(url).stream(hello, { signal: abort.signal }))
      if (type === 'text') abort.abort('left')
  })()
  expect(await rejection(reading)).toBe('left')
  await ended.promise
})
