import { once } from 'node:events'
import { Agent, request as open } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { simulator, type Simulator } from '../src/index.ts'
import { ask, contentOf, events, headOf, send, start, validRequest } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

test('a request is recorded with its answer', async () => {
  const request = validRequest(sim, 'lockchat', 'say hello')
  const response = await send(sim, { ...request, path: `${request.path}?auth=demo` })
  await sim.requests[0]?.done
  expect(sim.requests).toHaveLength(1)
  expect(sim.requests[0]).toMatchObject({
    dialect: 'lockchat',
    method: 'POST',
    path: '/lockchat/v1/chat/completions',
    query: { auth: 'demo' },
    headers: { 'user-agent': 'ChatX/39 CFNetwork/1408.0.4 Darwin/22.5.0', 'content-type': 'application/json' },
    body: request.body,
    bodyText: JSON.stringify(request.body),
    status: 200,
    model: 'gpt-4',
    answer: 'hello',
    connection: 1,
    attempt: 1,
    bytesSent: Buffer.byteLength(response.text),
    bytesTaken: Buffer.byteLength(response.text),
    answerTaken: true,
  })
  expect(sim.requests[0]).not.toHaveProperty('fault')
  expect(sim.requests[0]).not.toHaveProperty('clientClosedMs')
})

test('the received text equals the recorded answer', async () => {
  const prompts = ['hello', 'a table', 'in Japanese', 'a long essay']
  for (const prompt of prompts)
    expect(contentOf(events((await ask(sim, 'lockchat', prompt)).text))).toBe(sim.requests.at(-1)?.answer)
})

test('ids continue after the list is cleared', async () => {
  await ask(sim, 'lockchat')
  const first = sim.requests[0]?.id ?? 0
  sim.clear()
  expect(sim.requests).toHaveLength(0)
  await ask(sim, 'lockchat')
  expect(sim.requests[0]?.id).toBe(first + 1)
})

test('only the last thousand requests are kept', { timeout: 30_000 }, async () => {
  for (let index = 0; index < 1005; index += 15) {
    await Promise.all(Array.from({ length: 15 }, () => send(sim, { path: '/', headers: {}, body: '' })))
  }
  expect(sim.requests).toHaveLength(1000)
  expect((sim.requests.at(-1)?.id ?? 0) - (sim.requests[0]?.id ?? 0)).toBe(999)
})

test('a client that stops reading pauses the simulator until it reads again', async () => {
  // Consecutive line breaks are one token; a large one, repeated forever, fills all socket buffers.
  sim.fault('lockchat', { kind: 'trickle', everyMs: 0 })
  const request = start(sim, validRequest(sim, 'lockchat', `say a${'\n'.repeat(200_000)}b`))
  const response = await headOf(request)
  const sent = (): number => sim.requests[0]?.bytesSent ?? 0
  let last = -1
  const isStable = (): boolean => {
    const same = sent() === last
    last = sent()
    return same
  }
  await expect.poll(isStable, { interval: 150, timeout: 15_000 }).toBe(true)
  expect(last).toBeGreaterThan(200_000)
  response.on('error', () => undefined).resume()
  await expect.poll(sent).toBeGreaterThan(last + 4_000_000)
  request.destroy()
  await sim.requests[0]?.done
  expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
})

test('a client that disconnects during its upload is recorded', async () => {
  const request = start(sim, { ...validRequest(sim, 'lockchat'), body: undefined, headers: { 'content-length': '10' } })
  request.on('error', () => undefined)
  request.once('finish', () => request.destroy())
  await expect.poll(() => sim.requests).toHaveLength(1)
  await sim.requests[0]?.done
  expect(sim.requests[0]).toMatchObject({ status: 0, bodyText: '' })
})

test('attempts are counted per dialect and body until the list is cleared', async () => {
  for (const prompt of ['one', 'two', 'one', 'one']) await ask(sim, 'lockchat', prompt)
  await ask(sim, 'gravityengine', 'one')
  expect(sim.requests.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 3, 1])
  sim.clear()
  await ask(sim, 'lockchat', 'one')
  expect(sim.requests[0]?.attempt).toBe(1)
})

test('fields that differ in every request do not start a new count', async () => {
  const request = validRequest(sim, 'liaobots', 'one')
  await send(sim, request)
  await send(sim, { ...request, body: { ...request.body, conversationId: '00000000-0000-4000-8000-000000000000' } })
  await ask(sim, 'liaobots', 'two')
  expect(sim.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 1])
})

test('a connection has a number, so that reuse can be response', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const { path, headers, body } = validRequest(sim, 'lockchat')
  for (let round = 0; round < 3; round++) {
    const sent = open(`${sim.url}${path}`, { method: 'POST', headers, agent })
    sent.end(JSON.stringify(body))
    const response = (await headOf(sent)).resume()
    await once(response, 'end')
  }
  agent.destroy()
  await ask(sim, 'lockchat')
  const [first, ...rest] = sim.requests.map(({ connection }) => connection)
  expect(rest).toEqual([first, first, (first ?? 0) + 1])
})

test('answerTaken is true for a disconnect at the end mark, false for one before it', async () => {
  for (const fault of ['end-mark-then-open', 'stall-mid-stream'] as const) {
    sim.fault('lockchat', fault)
    const mark = fault === 'end-mark-then-open' ? '[DONE]' : '2'
    const request = start(sim, validRequest(sim, 'lockchat', 'count to 9'))
    let text = ''
    for await (const bytes of (await headOf(request)) as AsyncIterable<Buffer>) {
      text += bytes.toString()
      if (text.includes(mark)) break
    }
    await sim.requests.at(-1)?.done
    expect(sim.requests.at(-1)?.clientClosedMs).toBeGreaterThanOrEqual(1)
  }
  expect(sim.requests.map(({ answerTaken }) => answerTaken)).toEqual([true, false])
})

test('answerTaken is false for a rejected request', async () => {
  await send(sim, { ...validRequest(sim, 'lockchat'), body: '{}' })
  await sim.requests[0]?.done
  expect(sim.requests[0]).toMatchObject({ status: 400, answerTaken: false, attempt: 1 })
  expect(sim.requests[0]?.bytesTaken).toBe(sim.requests[0]?.bytesSent)
})
