/** What clients of Messages get, where public reports tell of other gateways that they got it wrong: see fixtures/gateway-cases.json. */

import { expect, test } from 'vitest'
import { blocksOf, play, type Run } from '../support/cases.ts'
import { at, listAt, textAt } from '../support/json.ts'

const typesOf = ({ first }: Run): string[] => blocksOf(first.events).map(({ type }) => type)
const delta = ({ first }: Run): unknown => first.events.findLast(({ event }) => event === 'message_delta')?.data
const stopOf = (run: Run): unknown => at(delta(run), 'delta', 'stop_reason')
const begun = ({ first }: Run): unknown => first.events.find(({ event }) => event === 'message_start')?.data
const isWhole = ({ first }: Run): boolean => first.events.at(-1)?.event === 'message_stop'
const NOT_STREAMED = { stream: false }

test('one output_index, two kinds of items', async () => {
  const run = await play('one output_index, two kinds of items')
  expect([typesOf(run), stopOf(run), isWhole(run)]).toEqual([['tool_use', 'thinking', 'text'], 'tool_use', true])
})

test('text, then a thought, then text', async () => {
  const run = await play('text, then a thought, then text')
  const blocks = blocksOf(run.first.events)
  expect(blocks.map((block) => block.text ?? block.thinking)).toEqual(['---\n', 'Let me see.', 'Done.'])
  expect([typesOf(run), stopOf(run)]).toEqual([['text', 'thinking', 'text'], 'end_turn'])
})

test('a call that comes whole', async () => {
  const run = await play('a call that comes whole')
  const started = run.first.events.find(({ event }) => event === 'content_block_start')?.data
  expect(at(started, 'content_block', 'input')).toEqual({})
  expect([blocksOf(run.first.events)[0]?.input, stopOf(run)]).toEqual([{ path: 'a.txt' }, 'tool_use'])
})

test('no usage anywhere: its fields are numbers all the same', async () => {
  const run = await play('no usage anywhere')
  const number: unknown = expect.any(Number)
  expect(at(begun(run), 'message', 'usage')).toMatchObject({ input_tokens: number, output_tokens: number })
  expect(at(delta(run), 'usage')).toMatchObject({ output_tokens: number })
  const whole = await play('no usage anywhere', NOT_STREAMED)
  expect(at(whole.first.document, 'usage')).toMatchObject({ input_tokens: number, output_tokens: number })
})

test('usage comes at the end: a message starts with an estimate, and says at its end what was counted', async () => {
  const run = await play('cached tokens are not counted twice')
  const started = at(begun(run), 'message', 'usage')
  expect([Number(at(started, 'input_tokens')) > 0, at(started, 'estimated')]).toEqual([true, true])
  expect(at(delta(run), 'usage')).toMatchObject({ input_tokens: 200 })
  expect(at(delta(run), 'usage', 'estimated')).toBeUndefined()
})

test('cached tokens are not counted twice', async () => {
  const usage = { input_tokens: 200, cache_read_input_tokens: 1000, output_tokens: 40 }
  expect(at(delta(await play('cached tokens are not counted twice')), 'usage')).toMatchObject(usage)
  const whole = await play('cached tokens are not counted twice', NOT_STREAMED)
  expect(at(whole.first.document, 'usage')).toMatchObject(usage)
})

test('an id that Messages refuses later', async () => {
  const { got, sent } = await play('an id that Messages refuses later')
  expect(String(blocksOf(got[0]?.events ?? [])[0]?.id)).toMatch(/^[a-zA-Z0-9_-]+$/)
  const messages = listAt(JSON.parse(sent[1] ?? ''), 'messages')
  const called = textAt(messages.at(-2), 'tool_calls', 0, 'id')
  expect([called === '', called]).toEqual([false, textAt(messages.at(-1), 'tool_call_id')])
})

test('filtered', async () => {
  const run = await play('filtered')
  expect([stopOf(run), isWhole(run)]).toEqual(['refusal', true])
})

test('Responses has no reason of its own for a call', async () => {
  expect(stopOf(await play('Responses has no reason of its own for a call'))).toBe('tool_use')
  const { first } = await play('Responses has no reason of its own for a call', NOT_STREAMED)
  expect(listAt(first.document, 'content').map((block) => at(block, 'type'))).toEqual(['text', 'tool_use'])
  expect(at(first.document, 'stop_reason')).toBe('tool_use')
})

test('a candidate without content, out of tokens', async () => {
  const run = await play('a candidate without content, out of tokens')
  expect([stopOf(run), at(delta(run), 'usage', 'output_tokens'), isWhole(run)]).toEqual(['max_tokens', 64, true])
})

test('thoughts are output', async () => {
  const usage = at(delta(await play('thoughts are output')), 'usage')
  expect(usage).toMatchObject({ output_tokens: 1708, input_tokens: 55021 })
})

test('a ping is JSON', async () => {
  const run = await play('a ping is JSON')
  expect(run.first.events[0]).toEqual({ event: 'ping', data: { type: 'ping' } })
  expect(run.first.text).not.toMatch(/^data: ?$/m)
  expect([run.first.events[1]?.event, isWhole(run)]).toEqual(['message_start', true])
})

test('it begins with an error event', async () => {
  const { first } = await play('it begins with an error event')
  expect([503, 529]).toContain(first.status)
  expect(first.document).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } })
})

test('no server listens', async () => {
  const { first } = await play('no server listens')
  expect([502, 503]).toContain(first.status)
  expect(first.headers.get('content-type')).toBe('application/json')
  expect(first.document).toMatchObject({ type: 'error', error: { message: expect.any(String) as unknown } })
  expect(first.text).not.toMatch(/127\.0\.0\.1|key-of-the-upstream/)
})

test('two calls in one frame, pieces in turns', async () => {
  const run = await play('two calls in one frame, pieces in turns')
  const calls = blocksOf(run.first.events).map(({ id, input }) => [id, input])
  expect(calls).toEqual([
    ['call_1', { x: 1 }],
    ['call_2', { y: 2 }],
  ])
  expect(stopOf(run)).toBe('tool_use')
})

test('too long is no 502', async () => {
  const { first, sent } = await play('too long is no 502')
  expect([400, 413]).toContain(first.status)
  expect(['invalid_request_error', 'request_too_large']).toContain(at(first.document, 'error', 'type'))
  expect(textAt(first.document, 'error', 'message')).toMatch(/context|long|tokens/i)
  expect(sent.length).toBe(1)
})

test('too long, and the next member fails otherwise', async () => {
  const { first } = await play('too long, and the next member fails otherwise')
  expect([400, 413]).toContain(first.status)
  expect(first.text).toContain('prompt is too long: 1022145 tokens > 1000000 maximum')
})

test('tokens that are not counted', async () => {
  const { first, sent } = await play('tokens that are not counted')
  expect([first.status, sent.length]).toEqual([404, 0])
  expect(first.document).toMatchObject({ type: 'error', error: { type: 'not_found_error' } })
})
