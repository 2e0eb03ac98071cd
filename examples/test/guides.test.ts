import { registerHooks } from 'node:module'
import { simulator, type Simulator } from '@rivulet/simulator'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

/** One for all guides. Each is run as its reader would run it, and led to the simulator. */
let sim: Simulator

const ENDPOINTS = ['openai', 'anthropic', 'google', 'lockchat', 'liaobots', 'gravityengine'] as const

// The factories that they call without a base URL have one here.
const hooks = registerHooks({
  resolve(specifier, context, next) {
    const isGuide = context.parentURL?.includes('/examples/guides/') === true
    const asks = specifier === 'rivulet' || specifier.startsWith('@rivulet/provider-')
    return next(isGuide && asks ? import.meta.resolve('./at-simulator.ts') : specifier, context)
  },
})

beforeAll(async () => {
  sim = await simulator()
  for (const id of ENDPOINTS) vi.stubEnv(`${id.toUpperCase()}_BASE_URL`, sim.baseUrl(id))
  for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'LIAOBOTS_AUTH'])
    vi.stubEnv(name, 'demo')
})
afterEach(() => {
  sim.clear()
})
afterAll(async () => {
  hooks.deregister()
  vi.unstubAllEnvs()
  await sim.close()
})

/** Runs a program, and gives what it prints. */
async function printed(program: () => Promise<unknown>): Promise<string> {
  const output: string[] = []
  const words = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const log = (...values: unknown[]): void => void output.push(`${values.map(words).join(' ')}\n`)
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(log),
    vi.spyOn(console, 'table').mockImplementation(log),
    vi.spyOn(console, 'error').mockImplementation(log),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0),
  ]
  try {
    await program()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return output.join('')
}

const asked = (): string[] => sim.requests.map(({ dialect, status }) => `${dialect} ${status}`)
/** The texts that were sent, in the order of their questions. */
const sent = (): string[] => sim.requests.map(({ answer }) => answer)

test('a first answer: a whole one, and one that is printed while it arrives', async () => {
  const output = await printed(() => import('../guides/first-answer.ts'))
  const [first = '', second = ''] = sent()
  expect(output.replace(/\d+ tokens/, 'some tokens')).toBe(`openai/gpt-6.1-sol: ${first}\n${second}\nsome tokens\n`)
  expect(first).not.toBe(second)
  expect(asked()).toEqual(['openai 200', 'openai 200'])
})

test('one provider, with options of its own', async () => {
  const output = await printed(() => import('../guides/one-provider.ts'))
  expect(output).toBe(sent().join('\n'))
  expect(sim.requests.map(({ model, headers }) => [model, headers['x-api-key']])).toEqual([
    ['claude-sonnet-5-5', 'demo'],
    ['claude-sonnet-5-5', 'demo'],
  ])
})

test('failover: an answer that breaks off in the middle is replaced by another provider’s', async () => {
  sim.fault('openai', 'truncate')
  const output = await printed(() => import('../guides/failover.ts'))
  expect(output).toContain('"provider":"google","model":"gemini-4-argon"')
  expect(output).toContain(`\nopenai failed: truncated\nanthropic answered\nanthropic: ${sent()[1] ?? ''}\n`)
})

test('a conversation remembers its turns, and has reasoning', async () => {
  const output = await printed(() => import('../guides/conversation.ts'))
  expect(output).toMatch(/^\(.+\)\n[^]*\n\(.+\)\nYour name is Ada\./)
  // The simulator checks the signatures of the reasoning that comes back.
  expect(asked()).toEqual(['anthropic 200', 'anthropic 200'])
})

test('a tool is called, and its result used', async () => {
  const output = await printed(() => import('../guides/tools.ts'))
  const [, answer = ''] = sent()
  expect(answer).toContain('Oslo')
  expect(output).toContain(
    `calls get_weather\nresult: {"city":"Oslo","celsius":21,"sky":"clear"}\n${answer}\n4 messages, `,
  )
})

test('an object has the schema’s type, also while it is being written', async () => {
  const output = await printed(() => import('../guides/objects.ts'))
  expect(output).toMatch(/^\S.*: \d+ steps, \d+ minutes\n…: 0 steps so far\n[^]*: [12] steps so far\n$/)
})

test('an image and a document are sent as they are', async () => {
  expect(await printed(() => import('../guides/images.ts'))).toBe(`${sent()[0] ?? ''}\n`)
  expect(sim.requests[0]?.bodyText).toContain('data:application/pdf;base64,JVBERi0')
})

test('errors: each kind of failure is told in words of its own', async () => {
  const { print } = await import('../guides/errors.ts')
  const told = (): Promise<string> => printed(() => print('Count to 12.'))
  expect(await told()).toContain('12')
  sim.fault('openai', { kind: 'status', status: 401 })
  expect(await told()).toMatch(/^openai: .*\nThis service is not available now\.\n$/)
  sim.fault('openai', { kind: 'status', status: 413 })
  expect(await told()).toContain('too long')
  // Longer than a retry may wait: it is not waited for.
  sim.fault('openai', { kind: 'retry-after', value: 120 })
  expect(await told()).toBe('Busy. Ask again in 120 seconds.\n')
  sim.fault('openai', { kind: 'truncate', afterEvents: 2 })
  expect(await told()).toMatch(/\nThe answer failed \(truncated\) after [1-9]\d* characters\.\n$/)
  sim.clear()
  await expect(print('Count to 12.', AbortSignal.abort('gone'))).rejects.toBe('gone')
  expect(sim.requests).toEqual([])
})

test('an answer that is ended early closes its connection', async () => {
  const output = await printed(() => import('../guides/aborts.ts'))
  expect(output).toMatch(/\nended: the reader left\n[^]*12/)
  expect(sim.requests).toHaveLength(3)
})

test('a route answers OpenAI’s own client in its dialect, and refuses in it', async () => {
  const { POST } = await import('../guides/dialect-route.ts')
  const post = (body: object): Promise<Response> =>
    POST(new Request('http://127.0.0.1/v1/chat/completions', { method: 'POST', body: JSON.stringify(body) }))
  const question = { model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: 'Say: rivers flow.' }] }

  await expect((await post(question)).json()).resolves.toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'rivers flow.' }, finish_reason: 'stop' }],
  })
  const streamed = await (await post({ ...question, stream: true })).text()
  expect(streamed).toMatch(/^data: {.*"object":"chat\.completion\.chunk"[^]*\ndata: \[DONE\]\n\n$/)

  const refused = await post({ ...question, messages: 'hello' })
  expect(refused.status).toBe(400)
  await expect(refused.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error' } })
  sim.fault('anthropic', { kind: 'retry-after', value: 120 })
  expect((await post(question)).status).toBe(429)
})

test('texts as vectors', async () => {
  const output = await printed(() => import('../guides/embeddings.ts'))
  expect(output).toMatch(/^-?[01]\.\d{3} The sea is deep\.\n-?[01]\.\d{3} Bread/)
})

test('observe: the outcome, the usage and the cost of an answer', async () => {
  const output = await printed(() => import('../guides/observe.ts'))
  expect(output).toMatch(/"answeredBy":"openai".*"outcome":"finished".*"outputTokens":[1-9]\d*.*\n\$0\.00\d{4}\n$/)
})

test('from openai: messages, a limit, and a field that is passed on', async () => {
  expect(await printed(() => import('../guides/from-openai.ts'))).toMatch(/ \d+ stop\n/)
  expect(asked()).toEqual(['openai 200', 'openai 200'])
  expect(sim.requests[0]?.body).toMatchObject({ service_tier: 'default', max_completion_tokens: 500 })
})

test('from the AI SDK: tools and text', async () => {
  expect(await printed(() => import('../guides/from-ai-sdk.ts'))).toMatch(/Oslo: 21 °C[^]*\d+ \d+\n$/)
})

test('from gpt4free: endpoints in order, the first of which fails', async () => {
  sim.fault('lockchat', 'html-200')
  const output = await printed(() => import('../guides/from-gpt4free.ts'))
  expect(output).toMatch(/^Lockchat supports: .*\n[^]*\nliaobots: /)
})

test('a gateway that is seen says who has answered what, and counts it', async () => {
  const lines = vi.spyOn(console, 'info').mockImplementation(() => undefined)
  const output = await printed(() => import('../guides/watch-a-gateway.ts'))
  expect(output).toContain('rivulet_attempts_total{provider=\\"openai\\",outcome=\\"answered\\"} 1')
  expect(lines.mock.calls).toEqual([[expect.objectContaining({ provider: 'openai', status: 200 }), 'chat answered']])
  lines.mockRestore()
})
