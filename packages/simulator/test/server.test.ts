import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { simulator, type SimulatorOptions } from '../src/index.ts'
import { ask, headOf, send, start, validRequest } from './client.ts'

test('reports its URL and its dialects', async () => {
  await using sim = await simulator()
  expect(sim.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(sim.baseUrl('lockchat')).toBe(`${sim.url}/lockchat`)
  expect(sim.dialects).toContainEqual({
    id: 'liaobots',
    name: 'Liaobots',
    baseUrl: `${sim.url}/liaobots`,
    models: ['gpt-4', 'gpt-3.5-turbo'],
    credential: 'demo',
  })
  expect(sim.dialects.map(({ id }) => id)).toEqual([
    'gravityengine',
    'liaobots',
    'lockchat',
    'openai',
    'openai-responses',
    'anthropic',
    'google',
    'ollama',
  ])
})

test('the same seed gives the same bytes, another seed gives others', async () => {
  await using one = await simulator({ seed: 1 })
  await using same = await simulator({ seed: 1 })
  await using other = await simulator({ seed: 2 })
  const prompt = 'why do rivers bend?'
  for (const dialect of ['gravityengine', 'liaobots', 'lockchat'] as const) {
    const [a, b, c] = [
      await ask(one, dialect, prompt),
      await ask(same, dialect, prompt),
      await ask(other, dialect, prompt),
    ]
    expect(b.chunks).toEqual(a.chunks)
    expect(c.text).not.toBe(a.text)
  }
})

test('one connection serves several answers', async () => {
  await using sim = await simulator()
  for (let round = 1; round <= 5; round++) {
    const { path, headers, body } = validRequest(sim, 'lockchat', `count to ${round}`)
    const response = await fetch(`${sim.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(await response.text()).toContain('[DONE]')
    expect(response.headers.get('connection')).toBe('keep-alive')
  }
})

test('an answer keeps its pace', async () => {
  await using sim = await simulator({ pace: { firstTokenMs: 60, tokensPerSecond: 100 } })
  const started = performance.now()
  await ask(sim, 'lockchat', 'count to 3')
  // Six tokens: the first after 60 ms, each other 10 ms later. Timers may be a millisecond early.
  expect(performance.now() - started).toBeGreaterThan(100)
})

/** The servers of this process that listen, those of other tests included. */
const servers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length

test('close ends every open connection and every pending wait', async () => {
  const before = servers()
  const sim = await simulator({ pace: { firstTokenMs: 60_000, tokensPerSecond: 1 } })
  const waiting = start(sim, validRequest(sim, 'lockchat'))
  const response = await headOf(waiting)
  const ended = Promise.withResolvers<undefined>()
  response.on('error', () => undefined).once('close', ended.resolve)
  await sim.close()
  await ended.promise
  await sim.requests[0]?.done
  expect(sim.requests[0]).not.toHaveProperty('clientClosedMs')
  expect(servers()).toBeLessThanOrEqual(before)
  await expect(send(sim, validRequest(sim, 'lockchat'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await sim.close()
})

test.each<[SimulatorOptions | object, string]>([
  [{ prot: 1 }, 'simulator() has no option "prot"; did you mean "port"?'],
  [{ port: -1 }, 'port must be 0 to 65535'],
  [{ pace: 'fast' }, "pace must be 'instant', 'natural' or"],
  [{ pace: { firstTokenMs: 1, tokensPerSecond: 0 } }, 'pace must be'],
  [{ credentials: { lockcat: 'x' } }, 'Unknown dialect "lockcat"; did you mean "lockchat"?'],
  [{ credentials: { lockchat: '' } }, 'credentials.lockchat must not be empty'],
])('invalid options are rejected: %j', async (options, message) => {
  await expect(simulator(options)).rejects.toThrow(message)
})

test('a port in use rejects with EADDRINUSE', async () => {
  await using sim = await simulator()
  await expect(simulator({ port: Number(new URL(sim.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
