import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { simulator, type Simulator } from '../src/index.ts'
import { ask, send, validRequest } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.variant('gravityengine', undefined)
  sim.clear()
})
afterAll(() => sim.close())

async function control(method: string, path = '', body?: string): Promise<{ status: number; body: unknown }> {
  const { status, text } = await send(sim, { method, path: `/_simulator${path}`, headers: {}, body })
  return { status, body: JSON.parse(text) }
}

test('the state shows dialects, faults and counts, and reading it is not recorded', async () => {
  await ask(sim, 'lockchat')
  sim.fault('liaobots', 'truncate')
  const { status, body } = await control('GET')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    dialects: [
      { id: 'gravityengine', fault: null, requests: 0 },
      { id: 'liaobots', fault: { kind: 'truncate' }, requests: 0 },
      {
        id: 'lockchat',
        fault: null,
        requests: 1,
        baseUrl: sim.baseUrl('lockchat'),
        models: ['gpt-4', 'gpt-3.5-turbo'],
      },
      { id: 'openai', baseUrl: sim.baseUrl('openai') },
      { id: 'openai-responses' },
      { id: 'anthropic' },
      { id: 'google' },
      { id: 'ollama' },
    ],
    requests: { kept: 1 },
  })
  expect(sim.requests).toHaveLength(1)
})

test('a fault is set and cleared while the simulator runs', async () => {
  const put = await control('PUT', '/faults/lockchat', '{"kind":"status","status":418,"times":3}')
  expect(put).toEqual({ status: 200, body: { fault: { kind: 'status', status: 418, times: 3 } } })
  expect((await ask(sim, 'lockchat')).status).toBe(418)
  expect(sim.faultOf('lockchat')).toEqual({ kind: 'status', status: 418, times: 2 })
  expect(await control('DELETE', '/faults/lockchat')).toEqual({ status: 200, body: { fault: null } })
  expect((await ask(sim, 'lockchat')).status).toBe(200)
})

test.each(['"empty-200"', 'empty-200'])('a fault may be given as its kind alone: %s', async (body) => {
  expect((await control('PUT', '/faults/lockchat', body)).body).toEqual({ fault: { kind: 'empty-200' } })
})

test('an answer format is set and cleared', async () => {
  await control('PUT', '/variants/gravityengine', '"json"')
  expect((await ask(sim, 'gravityengine')).headers['content-type']).toBe('application/json')
  await control('DELETE', '/variants/gravityengine')
  expect((await ask(sim, 'gravityengine')).headers['content-type']).toContain('event-stream')
})

test('requests are shown without their secrets, and cleared', async () => {
  await ask(sim, 'liaobots', 'say hi')
  const request = validRequest(sim, 'lockchat')
  await send(sim, { ...request, path: `${request.path}?auth=s3cret` })
  const { body } = await control('GET', '/requests')
  expect(body).toMatchObject([
    { dialect: 'liaobots', answer: 'hi', headers: { 'x-auth-code': '(hidden)' } },
    { dialect: 'lockchat', query: { auth: '(hidden)' } },
  ])
  expect(await control('DELETE', '/requests')).toEqual({ status: 200, body: { requests: 0 } })
  expect(sim.requests).toHaveLength(0)
})

test.each([
  ['PUT', '/faults/lockchat', '"trunc"', 400, 'did you mean \\"truncate\\"?'],
  ['PUT', '/faults/lockchat', '7', 400, 'A fault is a kind'],
  ['PUT', '/faults/luckchat', '"truncate"', 404, 'unknown dialect \\"luckchat\\"'],
  ['PUT', '/variants/lockchat', '"json"', 400, 'only one answer format'],
  ['POST', '/faults/lockchat', '"truncate"', 404, 'endpoints: GET /_simulator'],
  ['GET', '/requests/1/2', undefined, 404, 'endpoints: GET /_simulator'],
])('%s %s with %s is rejected', async (method, path, body, status, words) => {
  const response = await control(method, path, body)
  expect(response.status).toBe(status)
  expect(JSON.stringify(response.body)).toContain(words)
})
