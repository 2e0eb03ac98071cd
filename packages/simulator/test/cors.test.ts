import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DialectId, simulator, type Simulator } from '../src/index.ts'
import { type ClientResponse, send, type Sent, validRequest } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

const page = 'https://page.example'
/** What a browser does not ask about: it sends these of every page. */
const simple = new Set(['origin', 'referer', 'user-agent', 'authority'])

/** As a browser does for a page: asks whether the request is allowed, and sends it only then. */
async function fromPage(sent: Sent): Promise<ClientResponse> {
  const asked = Object.keys(sent.headers)
    .filter((name) => !simple.has(name))
    .sort()
  const preflight = await send(sim, {
    method: 'OPTIONS',
    path: sent.path,
    headers: {
      origin: page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': asked.join(','),
    },
    body: undefined,
  })
  expect(preflight.status).toBe(204)
  expect(preflight.text).toBe('')
  expect(preflight.headers['access-control-allow-origin']).toBe('*')
  expect(preflight.headers['access-control-allow-methods']).toBe('POST')
  expect(preflight.headers['access-control-allow-headers']).toBe(asked.join(','))
  return send(sim, { ...sent, headers: { ...sent.headers, origin: page } })
}

/** Liaobots is left out: it takes requests of its own page alone. */
const dialects = ['gravityengine', 'lockchat', 'openai', 'openai-responses', 'anthropic', 'google', 'ollama'] as const

describe.each(dialects)('a page of another origin at %s', (dialect: DialectId) => {
  test('is allowed to ask, and reads the answer and its headers', async () => {
    const { status, headers } = await fromPage(validRequest(sim, dialect))
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' })
    // The preflight is the browser's: it is no request of the client's.
    expect(sim.requests.map(({ method }) => method)).toEqual(['POST'])
  })

  test('reads an error too, and how long it is to wait', async () => {
    sim.fault(dialect, { kind: 'retry-after', times: 1 })
    const { status, headers } = await fromPage(validRequest(sim, dialect))
    expect(status).toBe(429)
    expect(headers).toMatchObject({ 'retry-after': '1', 'access-control-allow-origin': '*' })
  })
})

test('a request that is refused can be read by the page', async () => {
  const { status, headers } = await fromPage({ path: '/openai/v1/chat/completions', headers: {}, body: '{' })
  expect(status).toBe(401)
  expect(headers['access-control-allow-origin']).toBe('*')
})

test('a browser that asks for permission to reach this machine gets it', async () => {
  const headers = {
    origin: page,
    'access-control-request-method': 'POST',
    'access-control-request-private-network': 'true',
  }
  const answer = await send(sim, { method: 'OPTIONS', path: '/openai/v1/models', headers, body: undefined })
  expect(answer.headers['access-control-allow-private-network']).toBe('true')
})

test('without an origin, an answer says nothing of pages', async () => {
  const { headers } = await send(sim, validRequest(sim, 'openai'))
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

test('no page can control the simulator or read what it recorded', async () => {
  const headers = { origin: page, 'access-control-request-method': 'GET' }
  for (const method of ['OPTIONS', 'GET']) {
    const answer = await send(sim, { method, path: '/_simulator/requests', headers, body: undefined })
    expect(answer.status).toBe(403)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  }
})
