/** Tests of `summarize()` without a key, a network, or a mock of HTTP: the provider speaks to an endpoint on this machine. */
import { pipe, type Provider, retry } from '@rivulet/core'
import { openai } from '@rivulet/provider-openai'
import { simulator, type Simulator } from '@rivulet/simulator'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { summarize } from '../guides/summarize.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator({ seed: 1 }) // The same seed and question: the same answer, byte by byte.
})
afterEach(() => {
  sim.clear() // Forgets the requests and the faults.
})
afterAll(() => sim.close())

// A test does not wait before it asks again.
const provider = (): Provider =>
  pipe(openai({ baseUrl: sim.baseUrl('openai'), apiKey: 'any' }), retry({ backoffMs: 0 }))

test('sends the text with instructions before it', async () => {
  expect(await summarize(provider(), 'Say: rivers flow.')).toBe('rivers flow.')
  expect(sim.requests[0]?.body).toMatchObject({
    model: 'gpt-6.1-terra',
    messages: [{ content: 'Summarize in one sentence.' }, { content: 'Say: rivers flow.' }],
  })
})

test('survives an answer that breaks off', async () => {
  sim.fault('openai', { kind: 'truncate', times: 1 })
  expect(await summarize(provider(), 'Say: rivers flow.')).toBe('rivers flow.')
  expect(sim.requests.map(({ fault }) => fault)).toEqual(['truncate', undefined])
})

test('passes a wrong key on as what it is', async () => {
  sim.fault('openai', { kind: 'status', status: 401 })
  await expect(summarize(provider(), 'Say: rivers flow.')).rejects.toMatchObject({ code: 'auth', status: 401 })
})
