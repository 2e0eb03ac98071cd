import { readFileSync } from 'node:fs'
import { ChatError, collect, describeProvider as describeInWords, type UserPart } from '@rivulet/core'
import { simulator, type Simulator } from '@rivulet/simulator'
import { testProvider, replay } from '@rivulet/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { lockchat, type LockchatOptions } from '../src/index.ts'
import { ODD, subject } from './subject.ts'

const { request } = subject

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
const contentType = 'text/event-stream'

testProvider({ runner: { describe, it }, ...subject })

let sim: Simulator
beforeAll(async () => {
  vi.stubEnv('LOCKCHAT_AUTH', undefined)
  sim = await simulator()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.stubEnv('LOCKCHAT_AUTH', undefined)
  sim.clear()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await sim.close()
})

const provider = (options: LockchatOptions = {}) => lockchat({ baseUrl: sim.baseUrl('lockchat'), ...options })
const answer = { status: 200, headers: { 'content-type': contentType }, chunks: [fixture('text.sse')] }

describe('the request', () => {
  test('goes to the public host by default', async () => {
    const url = 'http://super.lockchat.app/v1/chat/completions'
    const transport = replay({ ...answer, request: { method: 'POST', url } })
    expect(await collect(lockchat({ transport }).stream(request))).toMatchObject({ provider: 'lockchat' })
  })

  test('has this path, this query, these headers and this body', async () => {
    await collect(provider({ auth: 'code' }).stream(request))
    expect(sim.requests).toHaveLength(1)
    expect(sim.requests[0]).toMatchObject({
      method: 'POST',
      path: '/lockchat/v1/chat/completions',
      query: { auth: 'code' },
      headers: { 'content-type': 'application/json', 'user-agent': 'ChatX/39 CFNetwork/1408.0.4 Darwin/22.5.0' },
      status: 200,
    })
    const { messages } = request
    expect(sim.requests[0]?.body).toEqual({ model: 'gpt-4', messages, temperature: 0.7, stream: true })
  })

  test('streams, also with stream: false', async () => {
    const { text } = await collect(provider().stream({ ...request, stream: false }))
    expect(sim.requests[0]?.body).toMatchObject({ stream: true })
    expect(text).toBe('1, 2, 3, 4, 5.')
  })

  test('tolerates a base URL with a trailing slash', async () => {
    await collect(provider({ baseUrl: `${sim.baseUrl('lockchat')}/` }).stream(request))
    expect(sim.requests[0]?.path).toBe('/lockchat/v1/chat/completions')
  })

  test('has the user agent that is given, for all requests or for one', async () => {
    const own = provider({ headers: { 'User-Agent': 'mine/1' } })
    await collect(own.stream(request))
    await collect(own.stream(request, { headers: { 'user-agent': 'mine/2' } }))
    expect(sim.requests.map(({ headers }) => headers['user-agent'])).toEqual(['mine/1', 'mine/2'])
  })

  test('carries extra fields as they are', async () => {
    const { model, messages } = request
    const body = { model, messages, temperature: 0.7, stream: true, user: 'u-1' }
    const transport = replay({ ...answer, request: { body } })
    await collect(lockchat({ transport }).stream({ ...request, extra: { lockchat: { user: 'u-1' } } }))
  })
})

describe('the credential', () => {
  test('is percent-encoded into the query', async () => {
    await collect(provider({ auth: ODD }).stream(request))
    expect(sim.requests[0]?.query).toEqual({ auth: ODD })
    const url = 'http://super.lockchat.app/v1/chat/completions?auth=a%20b%26c%3Dd%2Fe%2B%C3%BC'
    const transport = replay({ ...answer, request: { url } })
    await collect(lockchat({ auth: 'a b&c=d/e+ü', transport }).stream(request))
  })

  test('comes from LOCKCHAT_AUTH, read when the provider is made', async () => {
    vi.stubEnv('LOCKCHAT_AUTH', 'from the environment')
    const made = provider()
    vi.stubEnv('LOCKCHAT_AUTH', 'too late')
    await collect(made.stream(request))
    expect(sim.requests[0]?.query).toEqual({ auth: 'from the environment' })
  })

  test('comes from the option rather than from the environment', async () => {
    vi.stubEnv('LOCKCHAT_AUTH', 'from the environment')
    await collect(provider({ auth: 'from the option' }).stream(request))
    expect(sim.requests[0]?.query).toEqual({ auth: 'from the option' })
  })

  test('is left out when none is given: none is built in', async () => {
    await collect(provider().stream(request))
    vi.stubEnv('LOCKCHAT_AUTH', '')
    await collect(provider().stream(request))
    expect(sim.requests.map(({ query }) => query)).toEqual([{}, {}])
  })

  test('that is empty is a mistake', () => {
    expect(() => lockchat({ auth: '' })).toThrow(TypeError)
  })

  test('that is refused is an auth error, and the request is sent once', async () => {
    await using strict = await simulator({ credentials: { lockchat: 'right' } })
    const asked = collect(lockchat({ baseUrl: strict.baseUrl('lockchat'), auth: 'wrong' }).stream(request))
    await expect(asked).rejects.toMatchObject({ code: 'auth', status: 401, provider: 'lockchat' })
    expect(strict.requests).toHaveLength(1)
  })
})

describe('the description', () => {
  test('is data', () => {
    const { id, info } = lockchat()
    expect(id).toBe('lockchat')
    expect(info).toMatchObject({
      name: 'Lockchat',
      url: 'http://super.lockchat.app',
      auth: 'optional',
      streaming: true,
      models: [{ id: 'gpt-4' }, { id: 'gpt-3.5-turbo' }],
    })
  })

  test('is prose', () => {
    expect(describeInWords(lockchat())).toBe(
      'Lockchat supports: (model: string, messages: Message[], stream: boolean, temperature: number = 0.7)',
    )
  })

  test('is in the error for other fields, unless they are to be ignored', async () => {
    const wide = { ...request, seed: 1 }
    expect(() => provider().stream(wide)).toThrow(/^Lockchat .*"seed".*model, messages, stream, temperature/)
    await collect(provider({ unsupported: 'drop' }).stream(wide))
    expect(sim.requests.map(({ body }) => Object.keys(body as object).includes('seed'))).toEqual([false])
  })
})

describe('bugs of the first versions', () => {
  test('the `temperature` argument was ignored (Lockchat)', async () => {
    for (const temperature of [0, 1.5]) await collect(provider().stream({ ...request, temperature }))
    expect(sim.requests.map(({ body }) => body)).toMatchObject([{ temperature: 0 }, { temperature: 1.5 }])
  })

  test.each(['html-200', 'empty-200', 'status', 'garbage'] as const)(
    'HTTP errors, HTML pages and empty answers ended as an empty string: %s',
    async (fault) => {
      sim.fault('lockchat', fault)
      await expect(collect(provider().stream(request))).rejects.toBeInstanceOf(ChatError)
    },
  )

  test('a process exit, or a printed line, instead of a typed error', async () => {
    const spies = [
      vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never),
      vi.spyOn(process.stdout, 'write'),
      vi.spyOn(process.stderr, 'write'),
      ...(['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name)),
    ]
    sim.fault('lockchat', { kind: 'status', status: 401 })
    const error: unknown = await collect(provider().stream(request)).catch((thrown: unknown) => thrown)
    const calls = spies.map((spy) => spy.mock.calls.length)
    for (const spy of spies) spy.mockRestore()
    expect(error).toMatchObject({ name: 'ChatError', code: 'auth' })
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
