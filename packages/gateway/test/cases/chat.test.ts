/** What clients of chat completions get, and what endpoints get of what they ask: see fixtures/gateway-cases.json. */

import { expect, test } from 'vitest'
import { play, type Run } from '../support/cases.ts'
import { at, listAt, textAt } from '../support/json.ts'

const NOT_STREAMED = { stream: false }

const chunks = ({ first }: Run): unknown[] => first.events.map(({ data }) => data).filter((data) => data !== '[DONE]')
const isDone = ({ first }: Run): boolean => first.events.at(-1)?.data === '[DONE]'
const callsIn = (run: Run): unknown[] =>
  chunks(run).flatMap((chunk) => listAt(chunk, 'choices', 0, 'delta', 'tool_calls'))
const argumentsIn = (run: Run): string =>
  callsIn(run)
    .map((call) => textAt(call, 'function', 'arguments'))
    .join('')
const reasonOf = (run: Run): unknown =>
  chunks(run)
    .map((chunk) => at(chunk, 'choices', 0, 'finish_reason'))
    .findLast((reason) => typeof reason === 'string')

test('a schema does not vanish, chat client', async () => {
  const { body } = await play('a schema does not vanish, chat client')
  expect(at(body, 'text', 'format')).toMatchObject({
    type: 'json_schema',
    name: 'answer',
    strict: true,
    schema: { required: ['ok'] },
  })
  expect(at(body, 'response_format')).toBeUndefined()
})

test('a call in a chat history has no item id', async () => {
  const { body } = await play('a call in a chat history has no item id')
  const input = listAt(body, 'input')
  const calls = input.filter((item) => at(item, 'type') === 'function_call')
  const results = input.filter((item) => at(item, 'type') === 'function_call_output')
  expect(calls.every((call) => at(call, 'id') === undefined || textAt(call, 'id').startsWith('fc'))).toBe(true)
  expect(calls.map((call) => at(call, 'call_id'))).toEqual(results.map((result) => at(result, 'call_id')))
  expect(new Set(calls.map((call) => at(call, 'call_id'))).size).toBe(2)
  expect(textAt(calls[1], 'arguments')).toBe('{}')
  // A text of its own, or an output_text: of an assistant, input_text is refused.
  expect(JSON.stringify(input.find((item) => at(item, 'role') === 'assistant'))).toMatch(
    /"content":"Look\."|"output_text"/,
  )
})

test('input {} is no argument', async () => {
  const run = await play('input {} is no argument')
  expect(JSON.parse(argumentsIn(run))).toEqual({ city: 'Oslo' })
  const [first, ...others] = callsIn(run)
  expect(first).toMatchObject({
    index: 0,
    id: expect.any(String) as unknown,
    type: 'function',
    function: { name: 'get_weather' },
  })
  expect(others.every((call) => at(call, 'index') === 0)).toBe(true)
  expect([reasonOf(run), isDone(run)]).toEqual(['tool_calls', true])
})

test('a call without arguments', async () => {
  expect(argumentsIn(await play('a call without arguments'))).toBe('{}')
  const { first } = await play('a call without arguments', NOT_STREAMED)
  expect(textAt(first.document, 'choices', 0, 'message', 'tool_calls', 0, 'function', 'arguments')).toBe('{}')
})

test('empty arguments in a history', async () => {
  const { body } = await play('empty arguments in a history')
  const blocks = listAt(body, 'messages').flatMap((message) => listAt(message, 'content'))
  expect(blocks.find((block) => at(block, 'type') === 'tool_use')).toMatchObject({ input: {} })
  expect(blocks.filter((block) => at(block, 'type') === 'text' && textAt(block, 'text') === '')).toEqual([])
})

test('calls count from zero', async () => {
  const run = await play('calls count from zero')
  const begun = callsIn(run).filter((call) => at(call, 'id') !== undefined)
  expect(begun.map((call) => [at(call, 'id'), at(call, 'index')])).toEqual([
    ['toolu_1', 0],
    ['toolu_2', 1],
  ])
  const { first } = await play('calls count from zero', NOT_STREAMED)
  const calls = listAt(first.document, 'choices', 0, 'message', 'tool_calls')
  expect(calls.map((call) => at(call, 'id'))).toEqual(['toolu_1', 'toolu_2'])
})

test('incomplete is length', async () => {
  const run = await play('incomplete is length')
  const usage = chunks(run)
    .map((chunk) => at(chunk, 'usage'))
    .findLast((each) => typeof each === 'object' && each !== null)
  expect([reasonOf(run), isDone(run)]).toEqual(['length', true])
  expect(usage).toMatchObject({
    prompt_tokens: 20,
    completion_tokens: 16,
    completion_tokens_details: { reasoning_tokens: 16 },
  })
  const { first } = await play('incomplete is length', NOT_STREAMED)
  expect([first.status, at(first.document, 'choices', 0, 'finish_reason')]).toEqual([200, 'length'])
})

test('no tools, and one at a time', async () => {
  const { body, first } = await play('no tools, and one at a time')
  expect([{ type: 'none' }, undefined]).toContainEqual(at(body, 'tool_choice'))
  if (at(body, 'tool_choice') === undefined) expect(at(body, 'tools')).toBeUndefined()
  expect(first.status).toBe(200)
})

test('a budget below the limit', async () => {
  const { body } = await play('a budget below the limit')
  const budget = at(body, 'thinking', 'budget_tokens')
  if (at(body, 'thinking', 'type') === 'enabled')
    expect([Number(budget) >= 1024, Number(budget) < 4096]).toEqual([true, true])
  expect(at(body, 'max_tokens')).toBe(4096)
})

test('usage when asked', async () => {
  const run = await play('usage when asked')
  const all = chunks(run)
  const counted = all.filter((chunk) => listAt(chunk, 'choices').length === 0)
  expect(counted.length).toBe(1)
  expect([all.at(-1) === counted[0], isDone(run)]).toEqual([true, true])
  expect(at(counted[0], 'usage')).toMatchObject({
    prompt_tokens: 1500,
    completion_tokens: 40,
    total_tokens: 1540,
    prompt_tokens_details: { cached_tokens: 1000 },
  })
})

test('the sum is the sum', async () => {
  const { first } = await play('the sum is the sum')
  expect(at(first.document, 'usage')).toMatchObject({
    prompt_tokens: 100,
    completion_tokens: 11,
    total_tokens: 111,
    prompt_tokens_details: { cached_tokens: 90 },
  })
})

test('one id over the answer', async () => {
  const all = chunks(await play('one id over the answer'))
  for (const name of ['id', 'created', 'model']) {
    const values = new Set(all.map((chunk) => at(chunk, name)))
    expect([name, values.size, values.has(undefined)]).toEqual([name, 1, false])
  }
})

test('comments stay comments', async () => {
  const run = await play('comments stay comments')
  expect(run.first.text).not.toMatch(/^data: :/m)
  expect(
    chunks(run)
      .map((chunk) => textAt(chunk, 'choices', 0, 'delta', 'content'))
      .join(''),
  ).toBe('Hello')
  expect(isDone(run)).toBe(true)
})

test('a schema on its way to Gemini', async () => {
  const { body } = await play('a schema on its way to Gemini')
  const config = at(body, 'generationConfig')
  expect(at(config, 'responseMimeType')).toBe('application/json')
  expect(at(config, 'responseJsonSchema') ?? at(config, 'responseSchema')).toMatchObject({ required: ['ok'] })
})
