import { type ChatEvent, ChatError, collect, pipe, type Provider } from '@rivulet/core'
import { systemClock } from '@rivulet/core/provider'
import { failover } from 'rivulet'
import { type ScriptedStep, scriptedProvider } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { summary } from '../src/launch/summary.ts'
import { Tally } from '../src/launch/tally.ts'

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }] }
const start = (id: string): ChatEvent => ({ type: 'start', provider: id, model: 'm' })
const said: ChatEvent = { type: 'text', text: 'Hello' }
const finish: ChatEvent = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 1_500, cachedTokens: 1_000, outputTokens: 20, source: 'reported' },
}
const failure = (id: string): ChatError => new ChatError('overloaded', `${id}: busy`, { provider: id })

/** Members with a price, behind a tally. */
function members(tally: Tally, scripts: Readonly<Record<string, readonly ScriptedStep[]>>): Provider[] {
  const models = [{ id: 'm', price: { input: 2, cachedInput: 1, output: 100 } }]
  return Object.entries(scripts).map(([id, steps]) =>
    pipe(
      scriptedProvider(id, systemClock, () => steps, { models }),
      tally.provider,
    ),
  )
}

const answers = (id: string): ScriptedStep[] => [{ afterMs: 0, events: [start(id), said, finish] }]
const refuses = (id: string): ScriptedStep[] => [{ afterMs: 0, error: failure(id) }]
const breaks = (id: string): ScriptedStep[] => [
  { afterMs: 0, events: [start(id), said] },
  { afterMs: 0, error: failure(id) },
]

test('an agent that asked nothing', () => {
  expect(summary('Acme', new Tally())).toEqual(['Acme made no request.'])
})

test('where nothing broke: who was asked, tokens and cost', async () => {
  const tally = new Tally()
  const client = pipe(failover(members(tally, { a: answers('a') })), tally.client)
  for (let turn = 0; turn < 2; turn++) await collect(client.stream(request))
  expect(summary('Acme', tally)).toEqual([
    'Acme made 2 requests; asked: a/m 2 ×.',
    '3,000 tokens in (2,000 from a cache), 40 out; $0.0080.',
    'Nothing broke.',
  ])
})

test('a refusal before the first content costs nothing, and the agent was spared it', async () => {
  const tally = new Tally()
  await collect(pipe(failover(members(tally, { a: refuses('a'), b: answers('b') })), tally.client).stream(request))
  expect(summary('Acme', tally)).toEqual([
    'Acme made 1 request; asked: a/m 1 ×, b/m 1 ×.',
    '1,500 tokens in (1,000 from a cache), 20 out; $0.0040.',
    '1 answer broke or never began: a overloaded 1 ×.',
    'Acme was spared 1 of them: it did not have to ask again.',
  ])
})

test('an answer that was begun anew has cost an unknown amount more', async () => {
  const tally = new Tally()
  const client = pipe(
    failover(members(tally, { a: breaks('a'), b: answers('b') }), { onBreak: 'restart' }),
    tally.client,
  )
  await collect(client.stream(request))
  expect(summary('Acme', tally).slice(1)).toEqual([
    'At least 1,500 tokens in (1,000 from a cache), 20 out; at least $0.0040.',
    '1 answer broke or never began: a overloaded 1 ×.',
    'Acme was spared 1 of them (1 begun anew): it did not have to ask again.',
  ])
})

test('what nobody could mend, the agent has seen', async () => {
  const tally = new Tally()
  const client = pipe(failover(members(tally, { a: refuses('a'), b: refuses('b') })), tally.client)
  await expect(collect(client.stream(request))).rejects.toThrow(ChatError)
  expect(summary('Acme', tally)).toEqual([
    'Acme made 1 request; asked: a/m 1 ×, b/m 1 ×.',
    'No tokens, no cost.',
    '2 answers broke or never began: a overloaded 1 ×, b overloaded 1 ×.',
    'Acme has seen 1 failure.',
    'Acme was spared 1 of them: it did not have to ask again.',
  ])
})

test('an answer that the agent has left has cost an unknown amount', async () => {
  const tally = new Tally()
  const client = pipe(failover(members(tally, { a: breaks('a') })), tally.client)
  for await (const event of client.stream(request)) if (event.type === 'text') break
  expect(summary('Acme', tally)[1]).toBe('Tokens and cost are unknown.')
  await collect(pipe(failover(members(tally, { b: answers('b') })), tally.client).stream(request))
  expect(summary('Acme', tally)[1]).toMatch(/^At least 1,500 tokens .* at least \$/)
})
