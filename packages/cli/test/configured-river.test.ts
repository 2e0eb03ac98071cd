import { chat, ChatError, type Provider } from '@rivulet/core'
import { type Simulator, simulator } from '@rivulet/simulator'
import { expect, onTestFinished, test } from 'vitest'
import { configuredRiver } from '../src/config/configured-river.ts'
import { readConfig } from '../src/config/read-config.ts'

/** Two accounts at one endpoint, another endpoint, and what the lines say of models. */
async function river(lines: string): Promise<{ sim: Simulator; provider: Provider }> {
  const sim = await simulator()
  onTestFinished(() => sim.close())
  const text = `
providers:
  one: { type: openai, apiKey: key-one, baseUrl: "${sim.baseUrl('openai')}" }
  two: { type: openai, apiKey: key-two, baseUrl: "${sim.baseUrl('openai')}" }
  anthropic: { apiKey: key-three, baseUrl: "${sim.baseUrl('anthropic')}" }
  local: { type: openai-compatible, baseUrl: "${sim.baseUrl('openai')}", apiKey: k4, models: [gpt-6-luna] }
${lines}`
  return { sim, provider: configuredRiver(readConfig(text, 'rivulet.yaml', () => undefined)) }
}

const asked = ({ requests }: Simulator): string[] =>
  requests.map(({ headers, model }) => `${headers.authorization ?? headers['x-api-key'] ?? ''} ${model ?? ''}`)

test('a model of its own goes to its members in order, under their names for it', async () => {
  const { sim, provider } = await river('models: { coder: { members: [two/gpt-6-sol, anthropic/claude-opus-5-5] } }')
  const { complete } = chat(provider)
  expect(await complete({ model: 'coder', messages: [{ role: 'user', content: 'Count to 3' }] })).toMatchObject({
    provider: 'two',
    text: '1, 2, 3.',
  })
  sim.fault('openai', { kind: 'overloaded', times: 1 })
  expect(await complete({ model: 'coder', messages: [{ role: 'user', content: 'Count to 3' }] })).toMatchObject({
    provider: 'anthropic',
    model: 'claude-opus-5-5',
  })
  expect(asked(sim)).toEqual(['Bearer key-two gpt-6-sol', 'Bearer key-two gpt-6-sol', 'key-three claude-opus-5-5'])
})

test('its policy says which member is asked first', async () => {
  const { sim, provider } = await river(
    'models: { coder: { members: [one/gpt-6-sol, two/gpt-6-sol], policy: round-robin } }',
  )
  const { complete } = chat(provider, { model: 'coder' })
  for (let turn = 0; turn < 3; turn++) await complete('Hello')
  expect(asked(sim).map((line) => line.slice(0, 14))).toEqual(['Bearer key-one', 'Bearer key-two', 'Bearer key-one'])
})

test('a model that has one member is asked again after a failure', async () => {
  const { sim, provider } = await river('models: { coder: { members: [local/gpt-6-luna] } }')
  sim.fault('openai', { kind: 'reset-mid-stream', times: 1 })
  expect(await chat(provider, { model: 'coder' }).complete('Count to 3')).toMatchObject({ text: '1, 2, 3.' })
  expect(sim.requests).toHaveLength(2)
})

test('models of the providers are asked for by name, and by the id of a provider', async () => {
  const { sim, provider } = await river('')
  const { complete } = chat(provider)
  await complete({ model: 'claude-opus-5-5', messages: [{ role: 'user', content: 'Hello' }] })
  await complete({ model: 'two/gpt-6-astra', messages: [{ role: 'user', content: 'Hello' }] })
  expect(asked(sim)).toEqual(['key-three claude-opus-5-5', 'Bearer key-two gpt-6-astra'])
})

test('lists the models of its own first, each name once', async () => {
  const { provider } = await river('models: { gpt-6-luna: { members: [local/gpt-6-luna] } }')
  const names = ((await provider.models?.()) ?? []).map(({ id }) => id)
  expect(names[0]).toBe('gpt-6-luna')
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('claude-opus-5-5')
})

test("a caller's own credential goes to the provider of that id here, and to no other of its type", async () => {
  const { sim, provider } = await river(
    'models: { coder: { members: [one/gpt-6-sol, two/gpt-6-sol, anthropic/claude-opus-5-5] } }',
  )
  sim.fault('openai', { kind: 'overloaded', times: 2 })
  const credentials = { two: 'key-of-the-caller', openai: 'key-of-another' }
  await chat(provider, { model: 'coder' }).complete('Hello', { credentials })
  expect(asked(sim)).toEqual([
    'Bearer key-one gpt-6-sol',
    'Bearer key-of-the-caller gpt-6-sol',
    'key-three claude-opus-5-5',
  ])
})

test('the limits of a model of its own are those that hold for every member', async () => {
  const { provider } = await river(`
models:
  known: { members: [one/gpt-6-sol, anthropic/claude-opus-5-5] }
  unknown: { members: [one/gpt-6-sol, local/no-such-model] }`)
  const limits = (id: string): number | undefined =>
    provider.info.models.find((model) => model.id === id)?.contextTokens
  const members = [limits('gpt-6-sol') ?? 0, limits('claude-opus-5-5') ?? 0]
  expect(limits('known')).toBe(Math.min(...members))
  expect(Math.min(...members)).toBeGreaterThan(0)
  expect(limits('unknown')).toBeUndefined()
})

test('auth names a provider of the configuration', async () => {
  await expect(river('auth: { client: anthropc }')).rejects.toThrow(
    /^rivulet\.yaml:\d+:\d+: auth\.client names no provider: expected one of one, two, anthropic, local\. Did you mean "anthropic"\?$/,
  )
})

test('two accounts of one type are two for the credentials of clients', async () => {
  const { provider } = await river('')
  expect(provider.info.credentials?.map(({ id }) => id)).toEqual(['one', 'two', 'anthropic', 'local'])
})

test('a failure names the account, not its type', async () => {
  const { sim, provider } = await river('')
  sim.fault('openai', 'wrong-key')
  const failure: unknown = await chat(provider, { model: 'two/gpt-6-sol' })
    .complete('Hello')
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ChatError)
  expect(failure).toMatchObject({ message: expect.stringContaining('two: ') as string })
  expect(failure).not.toMatchObject({ message: expect.stringContaining('openai: ') as string })
})
