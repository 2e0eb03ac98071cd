/** Many requests at once to endpoints that fail in random ways, by clients that leave at random: what is left of them. */

import { deadlines, pipe } from '@rivulet/core'
import { openai } from '@rivulet/provider-openai'
import { failover } from '@rivulet/router'
import { simulator } from '@rivulet/simulator'
import { seeded } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { type Client, CLIENTS, eventsOf } from './support/clients.ts'
import { Reading } from './support/reading.ts'
import { serving, type Serving } from './support/serving.ts'

const MODEL = 'gpt-6.1-terra'
const KEY = 'canary-key-of-the-soak'

const open = (kind: string): number => process.getActiveResourcesInfo().filter((name) => name === kind).length

/** What came of one request. */
type Outcome = 'whole' | 'told' | 'left'

async function one(server: Serving, client: Client, answer: string, leavesAt: number | undefined): Promise<Outcome> {
  const stream = client.path(true).replace('/m:', `/${MODEL}:`)
  const body = { ...client.body(true, 'Count to 12.'), ...(client.name !== 'Gemini' && { model: MODEL }) }
  const response = await server.post(stream, body, { headers: { 'x-rivulet-hold': 'calls' } })
  const reading = new Reading(response)
  if (leavesAt !== undefined) {
    await reading.until('\n').catch(() => undefined)
    await reading.leave()
    return 'left'
  }
  const text = await reading.end()
  expect(text).not.toContain(KEY)
  if (response.status !== 200) return 'told'
  const events = eventsOf(text)
  if (client.failureIn(events) !== undefined) {
    expect(client.isWhole(events)).toBe(false)
    return 'told'
  }
  expect([client.textOf(events), client.isWhole(events)]).toEqual([answer, true])
  return 'whole'
}

test('every answer is whole or told, and nothing is left open', async () => {
  const [sockets, timers] = [open('TCPSocketWrap'), open('Timeout')]
  const outcomes: Outcome[] = []
  {
    await using sim = await simulator({ pace: 'instant', seed: 7 })
    const limits = { connectMs: 5_000, firstTokenMs: 4_000, idleMs: 1_000, totalMs: 5_000 }
    const member = () => pipe(openai({ apiKey: KEY, baseUrl: sim.baseUrl('openai') }), deadlines(limits))
    await using server = await serving('listen', failover([member(), member()]), { keys: 'key-of-the-clients' })
    const asking: Serving = {
      ...server,
      post: (path, body, init) =>
        server.post(path, body, {
          headers: { ...(init?.headers as object), authorization: 'Bearer key-of-the-clients' },
        }),
    }
    // What is said without a fault.
    const [chat] = CLIENTS
    if (chat === undefined) throw new Error('there is no client')
    const first = await asking.post(chat.path(true), { ...chat.body(true, 'Count to 12.'), model: MODEL })
    const answer = chat.textOf(eventsOf(await first.text()))
    sim.fault('openai', { kind: 'random', probability: 0.4 })
    const random = seeded(7)
    const all = Array.from({ length: 120 }, (_, at) => {
      const client = CLIENTS[at % CLIENTS.length] ?? chat
      return one(asking, client, answer, random() < 0.2 ? 1 : undefined)
    })
    outcomes.push(...(await Promise.all(all)))
  }
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length
  expect([outcomes.length, count('whole') > 20, count('told') > 4, count('left') > 10]).toEqual([120, true, true, true])
  await expect.poll(() => [open('TCPSocketWrap') <= sockets, open('Timeout') <= timers + 1]).toEqual([true, true])
})
