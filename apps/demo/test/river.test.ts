import { collect } from '@rivulet/core'
import { simulator } from '@rivulet/simulator'
import { expect, test, vi } from 'vitest'
import { openRiver } from '../src/river.ts'
import { withoutProviders } from './opened.ts'

const messages = [{ role: 'user' as const, content: 'hello' }]
const { signal } = new AbortController()

test('a provider that the environment configures joins, in the place of its simulated twin', async () => {
  withoutProviders()
  await using elsewhere = await simulator()
  vi.stubEnv('LOCKCHAT_BASE_URL', elsewhere.baseUrl('lockchat'))
  vi.stubEnv('LOCKCHAT_AUTH', 'secret')
  await using river = await openRiver({ pace: 'instant' })
  expect(river.members.map(({ provider: { id }, simulated }) => [id, simulated])).toEqual([
    ['lockchat', false],
    ['liaobots', true],
    ['gravityengine', true],
  ])
  expect(await collect(river.ask({ messages }, signal))).toMatchObject({ provider: 'lockchat' })
  expect(elsewhere.requests[0]?.query).toEqual({ auth: 'secret' })
})

test('a made-up answer never stands in for a real provider that failed', async () => {
  withoutProviders()
  await using elsewhere = await simulator()
  elsewhere.fault('lockchat', { kind: 'status', status: 500 })
  vi.stubEnv('LOCKCHAT_BASE_URL', elsewhere.baseUrl('lockchat'))
  await using river = await openRiver({ pace: 'instant' })
  await expect(collect(river.ask({ messages, model: 'gpt-4' }, signal))).rejects.toMatchObject({ code: 'exhausted' })
  expect(river.simulator.requests).toHaveLength(0)
  const played = await collect(river.ask({ messages, model: 'gpt-4', provider: 'liaobots' }, signal))
  expect(played.provider).toBe('liaobots')
})
