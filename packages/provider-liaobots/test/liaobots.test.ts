import { ChatError, type ChatRequest, collect, describeProvider as describeInWords } from '@rivulet/core'
import { simulator, type Simulator } from '@rivulet/simulator'
import { byteServer, testProvider, headOf, pieceOf, replay, writing } from '@rivulet/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { liaobots, type LiaobotsOptions } from '../src/index.ts'
import { AUTH, subject } from './subject.ts'

const { request } = subject
const UUID_V4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

const plain = 'text/plain; charset=utf-8'

testProvider({ runner: { describe, it }, ...subject })

let sim: Simulator
beforeAll(async () => {
  vi.stubEnv('LIAOBOTS_AUTH', undefined)
  sim = await simulator()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.stubEnv('LIAOBOTS_AUTH', undefined)
  sim.clear()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await sim.close()
})

const provider = (options: LiaobotsOptions = {}) =>
  liaobots({ auth: AUTH, baseUrl: sim.baseUrl('liaobots'), ...options })
const answer = { status: 200, headers: { 'content-type': plain }, chunks: ['Hello'] }
const bodyOf = (at: number) => sim.requests[at]?.body as Record<string, unknown>
const failure = (asked: Promise<unknown>): Promise<ChatError> =>
  asked.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as ChatError,
  )

const GPT_4 = { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8_000 }
const PROMPT =
  "You are ChatGPT, a large language model trained by OpenAI. Follow the user's instructions carefully. Respond using markdown."
const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Safari/537.36'

describe('the request', () => {
  test('goes to the public host by default, as from its own page', async () => {
    const headers = {
      authority: 'liaobots.com',
      origin: 'https://liaobots.com',
      referer: 'https://liaobots.com/',
      'user-agent': USER_AGENT,
      'content-type': 'application/json',
      'x-auth-code': AUTH,
    }
    const url = 'https://liaobots.com/api/chat'
    const transport = replay({ ...answer, request: { method: 'POST', url, headers } })
    expect(await collect(liaobots({ auth: AUTH, transport }).stream(request))).toMatchObject({ text: 'Hello' })
  })

  test('has this path, no query, these headers and this body', async () => {
    await collect(provider().stream(request))
    expect(sim.requests).toHaveLength(1)
    const { host } = new URL(sim.url)
    expect(sim.requests[0]).toMatchObject({
      method: 'POST',
      path: '/liaobots/api/chat',
      query: {},
      headers: {
        'content-type': 'application/json',
        'x-auth-code': AUTH,
        authority: host,
        origin: `http://${host}`,
        referer: `http://${host}/`,
        'user-agent': USER_AGENT,
      },
      status: 200,
    })
    expect(bodyOf(0)).toEqual({
      conversationId: expect.stringMatching(UUID_V4) as string,
      model: GPT_4,
      messages: request.messages,
      key: '',
      prompt: PROMPT,
    })
  })

  test('has a new conversation id each time, unless one is given', async () => {
    const same = provider()
    await collect(same.stream(request))
    await collect(same.stream(request))
    const given = '6f1b9c1e-3b51-4d0a-9a57-0c8a5d1d9d11'
    await collect(provider({ conversationId: () => given }).stream(request))
    const ids = [0, 1, 2].map((at) => bodyOf(at).conversationId)
    expect(ids[0]).not.toBe(ids[1])
    expect(ids).toEqual([expect.stringMatching(UUID_V4), expect.stringMatching(UUID_V4), given])
  })

  test.each(['authority', 'origin', 'referer', 'user-agent', 'content-type', 'x-auth-code'])(
    'replaces the header %s by the one that is given',
    async (name) => {
      const transport = replay({ ...answer, request: { headers: { [name]: 'mine' } } })
      await collect(liaobots({ auth: AUTH, transport, headers: { [name.toUpperCase()]: 'mine' } }).stream(request))
      await collect(liaobots({ auth: AUTH, transport }).stream(request, { headers: { [name]: 'mine' } }))
    },
  )

  test('has the prompt that is given', async () => {
    await collect(provider({ prompt: 'Be brief.' }).stream(request))
    expect(bodyOf(0).prompt).toBe('Be brief.')
  })

  test('is the same with stream: false', async () => {
    const { text } = await collect(provider().stream({ ...request, stream: false }))
    expect(text).toBe('1, 2, 3, 4, 5.')
    expect(Object.keys(bodyOf(0))).toEqual(['conversationId', 'model', 'messages', 'key', 'prompt'])
  })
})

describe('what the dialect has no place for', () => {
  const asking = (messages: ChatRequest['messages'], more: Partial<ChatRequest> = {}) =>
    collect(provider().stream({ ...request, ...more, messages }))

  test('is left out and named where it is not what was said', async () => {
    const native = { type: 'native', dialect: 'gemini', value: {} } as const
    const { dropped } = await asking(
      [
        { role: 'user', content: 'Hello', cache: true },
        { role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }, native, { type: 'text', text: 'Hi!' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Go' },
            { type: 'text', text: 'on.' },
          ],
        },
      ],
      { native: { dialect: 'openai-chat', text: '{}', body: {}, headers: {}, unnamed: ['user'] } },
    )
    expect(dropped).toEqual(['cache', 'user', 'reasoning of another model', 'native parts of gemini'])
    expect(bodyOf(0).messages).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi!' },
      { role: 'user', content: 'Go\non.' },
    ])
  })

  test('has the fields of extra for this provider in the body', async () => {
    await asking(request.messages, { extra: { liaobots: { prompt: 'Be brief.' } } })
    expect(bodyOf(0).prompt).toBe('Be brief.')
  })
})

describe('the description', () => {
  test('is data', () => {
    const { id, info } = liaobots()
    expect(id).toBe('liaobots')
    expect(info).toMatchObject({
      name: 'Liaobots',
      url: 'https://liaobots.com',
      auth: 'required',
      streaming: true,
      models: [
        { id: 'gpt-4', name: 'GPT-4', contextTokens: 8_000 },
        { id: 'gpt-3.5-turbo', name: 'GPT-3.5', contextTokens: 4_000 },
      ],
    })
  })

  test('is prose', () => {
    expect(describeInWords(liaobots())).toBe('Liaobots supports: (model: string, messages: Message[], stream: boolean)')
  })

  test('is in the error for other fields, unless they are to be ignored', async () => {
    const wide = { ...request, temperature: 1 }
    expect(() => provider().stream(wide)).toThrow(/^Liaobots .*"temperature".*model, messages, stream/)
    await collect(provider({ unsupported: 'drop' }).stream(wide))
    expect(bodyOf(0)).not.toHaveProperty('temperature')
  })
})

describe('bugs of the first versions', () => {
  test.each(['in Russian', 'in Chinese', 'in Japanese', 'use emoji'])(
    'a multi-byte character split over two network chunks broke decoding (Liaobots): %s',
    async (content) => {
      const { text } = await collect(provider().stream({ ...request, messages: [{ role: 'user', content }] }))
      expect(text).toBe(sim.requests[0]?.answer)
      expect(text).not.toContain('\ufffd')
    },
  )

  test('a body that ends inside a character is truncated, and the text so far is kept', async () => {
    await using server = await byteServer()
    const body = Buffer.from('Grüße 🌊').subarray(0, -2)
    const wire = [headOf({ contentType: plain, body }, 'chunked'), pieceOf(body, 'chunked'), Buffer.from('0\r\n\r\n')]
    const error = await failure(collect(provider({ baseUrl: server.play(writing(wire)).baseUrl }).stream(request)))
    expect(error).toMatchObject({ code: 'truncated', partial: { text: 'Grüße ' } })
  })

  test.each(['html-200', 'empty-200', 'status', 'json-error-200', 'truncate'] as const)(
    'HTTP errors, HTML pages and empty answers ended as an empty string: %s',
    async (fault) => {
      sim.fault('liaobots', fault)
      expect(await failure(collect(provider().stream(request)))).toBeInstanceOf(ChatError)
    },
  )

  test('a process exit, or a printed line, instead of a typed error', async () => {
    const spies = [
      vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name)),
    ]
    const error = await failure(collect(liaobots({ baseUrl: sim.baseUrl('liaobots') }).stream(request)))
    const calls = spies.map((spy) => spy.mock.calls.length)
    for (const spy of spies) spy.mockRestore()
    expect(error).toMatchObject({ name: 'ChatError', code: 'auth' })
    expect(calls).toEqual(calls.map(() => 0))
  })
})
