import { type ChatError, type ChatRequest, collect } from '@rivulet/core'
import { simulator, type Simulator } from '@rivulet/simulator'
import { replay } from '@rivulet/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { liaobots, type LiaobotsOptions } from '../src/index.ts'

const request: ChatRequest = { model: 'gpt-4', messages: [{ role: 'user', content: 'count to 5' }] }
const AUTH = 'Auth-c0de.0123456789_abc'

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
const answer = { status: 200, headers: { 'content-type': 'text/plain' }, chunks: ['Hello'] }
const bodyOf = (at: number) => sim.requests[at]?.body as Record<string, unknown>
const failure = (asked: Promise<unknown>): Promise<ChatError> =>
  asked.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as ChatError,
  )

const GPT_4 = { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8_000 }
const GPT_35 = { id: 'gpt-3.5-turbo', name: 'GPT-3.5', maxLength: 12_000, tokenLimit: 4_000 }
describe('the models', () => {
  test('are sent as whole records', async () => {
    for (const model of ['gpt-4', 'gpt-3.5-turbo']) await collect(provider().stream({ ...request, model }))
    expect([bodyOf(0).model, bodyOf(1).model]).toEqual([GPT_4, GPT_35])
  })

  test('can be added, and replaced by id', async () => {
    const long = { id: 'gpt-4-32k', name: 'GPT-4 32k', maxLength: 96_000, tokenLimit: 32_000 }
    const short = { ...GPT_4, maxLength: 10 }
    const models = [long, short]
    const body = { conversationId: 'c', model: long, messages: request.messages, key: '', prompt: 'Be brief.' }
    const transport = replay({ ...answer, request: { body } })
    const more = liaobots({ auth: AUTH, transport, models, prompt: 'Be brief.', conversationId: () => 'c' })
    await collect(more.stream({ ...request, model: 'gpt-4-32k' }))
    expect(more.info.models.map(({ id }) => id)).toEqual(['gpt-3.5-turbo', 'gpt-4-32k', 'gpt-4'])
    const error = await failure(
      collect(more.stream({ ...request, messages: [{ role: 'user', content: 'x'.repeat(11) }] })),
    )
    expect(error.code).toBe('context-length')
  })

  test('that it does not have are not-found, and nothing is sent', async () => {
    const error = await failure(collect(provider().stream({ ...request, model: 'gpt-5' })))
    expect(error).toMatchObject({ code: 'not-found', provider: 'liaobots' })
    expect(error.message).toMatch(/"gpt-5".*gpt-4, gpt-3\.5-turbo.*models option/)
    expect(sim.requests).toHaveLength(0)
  })

  test.each([[{}], ['gpt-4'], [['gpt-4']], [[{ id: 'gpt-4' }]]])('that are not records are a mistake: %j', (models) => {
    const options = { auth: AUTH, models } as unknown as LiaobotsOptions
    expect(() => liaobots(options)).toThrow(/liaobots: models must be an array of records/)
  })

  test.each([{ prompt: 1 }, { conversationId: 'an id' }])(
    'other options of a wrong type are a mistake: %j',
    (wrong) => {
      const options = { auth: AUTH, ...wrong } as unknown as LiaobotsOptions
      expect(() => liaobots(options)).toThrow(new RegExp(`^liaobots: ${Object.keys(wrong)[0] ?? ''} must be`))
    },
  )
})

describe('the limits', () => {
  const ofLength = (length: number): ChatRequest['messages'] => [
    { role: 'system', content: 'x'.repeat(100) },
    { role: 'user', content: 'x'.repeat(length - 100) },
  ]

  test.each([GPT_4, GPT_35])('$id accepts $maxLength characters and not one more', async ({ id: model, maxLength }) => {
    await collect(provider().stream({ model, messages: ofLength(maxLength) }))
    expect(sim.requests).toHaveLength(1)
    const error = await failure(collect(provider().stream({ model, messages: ofLength(maxLength + 1) })))
    expect(error).toMatchObject({ name: 'ChatError', code: 'context-length', provider: 'liaobots', retryable: false })
    expect(error.message).toContain(String(maxLength + 1))
    expect(error.message).toContain(String(maxLength))
    expect(sim.requests).toHaveLength(1)
  })

  test.each<[string, ChatRequest['messages']]>([
    ['images', [{ role: 'user', content: [{ type: 'image', url: 'https://example.com/a.png' }] }]],
    ['tool results', [{ role: 'tool', toolCallId: 'c1', content: '4' }]],
    ['tool calls', [{ role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'f', input: '{}' }] }]],
  ])('%s are unsupported, and nothing is sent', async (_what, messages) => {
    expect(await failure(collect(provider().stream({ ...request, messages })))).toMatchObject({ code: 'unsupported' })
    expect(sim.requests).toHaveLength(0)
  })
})

describe('the auth code', () => {
  test('comes from LIAOBOTS_AUTH by default', async () => {
    vi.stubEnv('LIAOBOTS_AUTH', 'from-the-environment')
    const baseUrl = sim.baseUrl('liaobots')
    await collect(liaobots({ baseUrl }).stream(request))
    await collect(liaobots({ baseUrl, auth: 'from-the-option' }).stream(request))
    const codes = sim.requests.map(({ headers }) => headers['x-auth-code'])
    expect(codes).toEqual(['from-the-environment', 'from-the-option'])
  })

  test('that is missing is an auth error that names the option and the variable, and nothing is sent', async () => {
    const without = liaobots({ baseUrl: sim.baseUrl('liaobots') })
    const error = await failure(collect(without.stream(request)))
    expect(error).toMatchObject({ name: 'ChatError', code: 'auth', provider: 'liaobots', retryable: false })
    expect(error.message).toMatch(/\bauth option\b.*\bLIAOBOTS_AUTH\b/)
    expect(sim.requests).toHaveLength(0)
  })

  test('that no header can carry is a mistake, and is not shown', () => {
    const secret = 'two\nlines-of-a-secret'
    expect(() => liaobots({ auth: secret })).toThrow(TypeError)
    expect(() => liaobots({ auth: secret })).not.toThrow(/lines-of-a-secret/)
    expect(() => liaobots({ auth: '' })).toThrow(/auth must be a string that is not empty.*LIAOBOTS_AUTH/)
  })

  test('that is refused is an auth error', async () => {
    await using strict = await simulator({ credentials: { liaobots: 'right' } })
    const error = await failure(collect(provider({ baseUrl: strict.baseUrl('liaobots') }).stream(request)))
    expect(error).toMatchObject({ code: 'auth', status: 401 })
  })
})
