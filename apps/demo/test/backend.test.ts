import { collect } from '@rivulet/core'
import { simulator } from '@rivulet/simulator'
import { expect, test, vi } from 'vitest'
import { openBackend } from '../src/backend.ts'
import { backend, withoutProviders } from './harness.ts'

const messages = [{ role: 'user' as const, content: 'hello' }]
const { signal } = new AbortController()

test('a provider that the environment configures replaces its simulated counterpart', async () => {
  withoutProviders()
  await using elsewhere = await simulator()
  vi.stubEnv('LOCKCHAT_BASE_URL', elsewhere.baseUrl('lockchat'))
  vi.stubEnv('LOCKCHAT_AUTH', 'secret')
  await using opened = await openBackend({ pace: 'instant' })
  expect(opened.members.map(({ provider: { id }, simulated }) => [id, simulated])).toEqual([
    ['lockchat', false],
    ['openai', true],
    ['openai-responses', true],
    ['anthropic', true],
    ['google', true],
    ['ollama', true],
    ['liaobots', true],
    ['gravityengine', true],
  ])
  expect(await collect(opened.ask({ messages }, signal))).toMatchObject({ provider: 'lockchat' })
  expect(elsewhere.requests[0]?.query).toEqual({ auth: 'secret' })
})

test('every dialect of the simulator answers by name, with each of its models', async () => {
  const open = await backend()
  expect(open.members.map(({ provider: { id } }) => id).toSorted()).toEqual(
    open.simulator.dialects.map(({ id }) => id).toSorted(),
  )
  for (const { provider } of open.members) {
    expect(provider.info.models, provider.id).not.toEqual([])
    for (const { id: model } of provider.info.models) {
      const answer = await collect(open.ask({ messages, model, provider: provider.id }, signal))
      expect(answer).toMatchObject({
        provider: provider.id,
        reason: 'stop',
        text: expect.stringMatching(/./) as unknown,
      })
      expect(open.simulator.requests.at(-1)).toMatchObject({ dialect: provider.id, status: 200 })
    }
  }
})

test('a simulated answer never replaces that of a real provider that failed', async () => {
  withoutProviders()
  await using elsewhere = await simulator()
  elsewhere.fault('lockchat', { kind: 'status', status: 500 })
  vi.stubEnv('LOCKCHAT_BASE_URL', elsewhere.baseUrl('lockchat'))
  await using opened = await openBackend({ pace: 'instant' })
  await expect(collect(opened.ask({ messages, model: 'gpt-4' }, signal))).rejects.toMatchObject({ code: 'overloaded' })
  expect(opened.simulator.requests).toHaveLength(0)
  const simulated = await collect(opened.ask({ messages, model: 'gpt-4', provider: 'liaobots' }, signal))
  expect(simulated.provider).toBe('liaobots')
})

test('the stories have simulated providers, also where there are real ones, whose faults cannot be set', async () => {
  withoutProviders()
  await using elsewhere = await simulator()
  vi.stubEnv('OPENAI_BASE_URL', elsewhere.baseUrl('openai'))
  vi.stubEnv('OPENAI_API_KEY', 'secret')
  await using opened = await openBackend({ pace: 'instant' })
  opened.weather.set({ provider: 'openai-responses', fault: 'kill', times: 1 })
  expect(await collect(opened.ask({ messages, provider: 'simulator' }, signal))).toMatchObject({
    provider: 'anthropic',
  })
  expect(elsewhere.requests).toHaveLength(0)
  expect(() => {
    opened.weather.set({ provider: 'openai', fault: 'kill', times: 1 })
  }).toThrow('only those can be told to fail')
  expect(opened.watch.providers().filter(({ simulated }) => !simulated)).toMatchObject([{ id: 'openai' }])
})
