import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokensOf } from '../src/answers/tokens.ts'
import { simulator, type Simulator } from '../src/index.ts'
import { random } from '../src/random.ts'
import { send, validRequest } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`

const get = (host: string, path = '/_simulator', headers = {}, of = sim) =>
  send(of, { method: 'GET', path, headers: { host, ...headers }, body: undefined })

describe.each(['openai', 'anthropic', 'google', 'ollama', 'lockchat', 'liaobots'] as const)('%s', (dialect) => {
  test('refuses a body that is nested 100,000 deep', async () => {
    const request = validRequest(sim, dialect)
    const { status, text } = await send(sim, { ...request, body: `{"messages":${deep}}` })
    expect(status).toBe(400)
    expect(text).toContain('nested deeper than 1000 levels')
  })

  test('refuses a prompt of one word that no model could read', async () => {
    const { status, text } = await send(sim, validRequest(sim, dialect, `echo ${'w'.repeat(9 * 1024 * 1024)}`))
    expect(status).toBe(400)
    expect(text).toMatch(/maximum context length|the limit of gpt-4/)
  })
})

test('a word of two million letters is split into tokens', () => {
  const word = 'w'.repeat(2_000_000)
  const tokens = tokensOf(word, random(1))
  expect(tokens.join('') === word).toBe(true)
  expect(Math.max(...new Set(tokens.map(({ length }) => length)))).toBe(7)
})

test('a fault that is nested deep is a 400, in a body and in a header', async () => {
  const put = await send(sim, { method: 'PUT', path: '/_simulator/faults/lockchat', headers: {}, body: deep })
  expect(put.status).toBe(400)
  const request = validRequest(sim, 'lockchat')
  const headers = { ...request.headers, 'x-simulate': `{"kind":${'['.repeat(5_000)}${']'.repeat(5_000)}}` }
  const { status, text } = await send(sim, { ...request, headers })
  expect(status).toBe(400)
  expect(text).toContain('nested deeper')
})

describe('the host', () => {
  const port = () => new URL(sim.url).port

  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', 'app.localhost', '127.1.2.3', '[::1]'])(
    'may be %s',
    async (host) => {
      expect((await get(`${host}:${port()}`)).status).toBe(200)
      expect((await get(host)).status).toBe(200)
    },
  )

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '127.evil', '[::2]'])(
    'may not be %s, for any path',
    async (host) => {
      for (const path of ['/_simulator/requests', '/openai/v1/models']) {
        const { status, text } = await get(`${host}:${port()}`, path)
        expect(status).toBe(421)
        expect(text).toContain('use 127.0.0.1, localhost')
      }
    },
  )

  test('may be any address of a simulator that listens on all, but no foreign name', async () => {
    await using open = await simulator({ host: '0.0.0.0' })
    expect((await get('10.0.0.1', '/_simulator', {}, open)).status).toBe(200)
    expect((await get('evil.example', '/_simulator', {}, open)).status).toBe(421)
  })
})

describe('the origin', () => {
  test('of another page cannot control the simulator', async () => {
    const { host } = new URL(sim.url)
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', `https://${host}`]) {
      const { status, text } = await get(host, '/_simulator/requests', { origin })
      expect(status).toBe(403)
      expect(text).toContain('another origin')
    }
    expect((await get(host, '/_simulator', { origin: sim.url })).status).toBe(200)
  })
})
