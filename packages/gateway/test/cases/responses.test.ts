/** What clients of Responses get, and what endpoints get of what they ask: see fixtures/gateway-cases.json. */

import { expect, test } from 'vitest'
import { play, type Run } from '../support/cases.ts'
import { at, listAt, textAt } from '../support/json.ts'

const NOT_STREAMED = { stream: false }
const PATCH = '*** Begin Patch\n*** Add File: a.txt\n+say "hi" \\ é\n*** End Patch\n'

const typesOf = ({ first }: Run): string[] => first.events.map(({ data }) => textAt(data, 'type'))
const ofType = ({ first }: Run, type: string): unknown[] =>
  first.events.map(({ data }) => data).filter((data) => at(data, 'type') === type)
const lastOf = ({ first }: Run): unknown => first.events.at(-1)?.data
const rolesIn = (body: unknown): unknown[] => listAt(body, 'messages').map((message) => at(message, 'role'))

test('the life of an item', async () => {
  const run = await play('the life of an item')
  const types = typesOf(run)
  expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ])
  const data = run.first.events.map((event) => event.data)
  expect(data.map((each) => at(each, 'sequence_number'))).toEqual(data.map((_, index) => index))
  const texts = data.filter((each) => /output_text|content_part/.test(textAt(each, 'type')))
  for (const each of texts)
    expect(each).toMatchObject({ item_id: expect.any(String) as unknown, output_index: 0, content_index: 0 })
  const ids = data.map((each) => at(each, 'response', 'id')).filter((id) => id !== undefined)
  expect([ids.length, new Set(ids).size]).toEqual([3, 1])
  expect(at(lastOf(run), 'response')).toMatchObject({ object: 'response', status: 'completed', model: 'm' })
  expect(at(lastOf(run), 'response', 'output', 0, 'id')).toBe(
    at(ofType(run, 'response.output_item.done')[0], 'item', 'id'),
  )
})

test('usage is whole or not there', async () => {
  const usage = at(lastOf(await play('usage is whole or not there')), 'response', 'usage')
  expect(usage).toMatchObject({ input_tokens: 30, output_tokens: 5, total_tokens: 35 })
  for (const [details, name] of [
    ['input_tokens_details', 'cached_tokens'],
    ['output_tokens_details', 'reasoning_tokens'],
  ] as const) {
    if (at(usage, details) !== undefined) expect(at(usage, details, name)).toEqual(expect.any(Number))
  }
})

test('a text tool, whose call an endpoint wraps', async () => {
  const run = await play('a text tool, whose call an endpoint wraps')
  const tool = at(run.body, 'tools', 0)
  expect(tool).toMatchObject({ type: 'function', function: { name: 'apply_patch' } })
  const [field = '', ...others] = listAt(tool, 'function', 'parameters', 'required')
  expect([at(tool, 'function', 'parameters', 'properties', String(field), 'type'), others]).toEqual(['string', []])
  const item = at(ofType(run, 'response.output_item.done')[0], 'item')
  expect(item).toMatchObject({ type: 'custom_tool_call', name: 'apply_patch', call_id: 'call_1', input: PATCH })
  const deltas = ofType(run, 'response.custom_tool_call_input.delta').map((each) => textAt(each, 'delta'))
  expect([deltas.join(''), textAt(ofType(run, 'response.custom_tool_call_input.done')[0], 'input')]).toEqual([
    PATCH,
    PATCH,
  ])
  expect(run.first.text).not.toContain('"function_call"')
})

test('a text tool in the history', async () => {
  const { body } = await play('a text tool in the history')
  expect(rolesIn(body)).toEqual(['user', 'assistant', 'tool'])
  const [field = ''] = listAt(body, 'tools', 0, 'function', 'parameters', 'required')
  const given: unknown = JSON.parse(textAt(body, 'messages', 1, 'tool_calls', 0, 'function', 'arguments'))
  expect(given).toEqual({ [String(field)]: PATCH })
  expect(at(body, 'messages', 2)).toMatchObject({
    tool_call_id: 'call_1',
    content: expect.stringContaining('Success') as unknown,
  })
})

test('a tool out of a namespace comes back into it', async () => {
  const called = { type: 'function_call', name: 'search', namespace: 'mcp__docs__' }
  const run = await play('a tool out of a namespace comes back into it')
  for (const type of ['response.output_item.added', 'response.output_item.done']) {
    expect(at(ofType(run, type)[0], 'item')).toMatchObject(called)
  }
  expect(listAt(lastOf(run), 'response', 'output')).toMatchObject([called])
  const whole = await play('a tool out of a namespace comes back into it', NOT_STREAMED)
  expect(listAt(whole.first.document, 'output')).toMatchObject([called])
})

test('tools of a namespace reach a chat server', async () => {
  const { body } = await play('tools of a namespace reach a chat server')
  const tools = listAt(body, 'tools')
  const names = tools.map((tool) => textAt(tool, 'function', 'name'))
  expect([tools.length, tools.every((tool) => at(tool, 'type') === 'function'), new Set(names).size]).toEqual([
    3,
    true,
    3,
  ])
  expect(names.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true)
  expect(names).toContain('shell')
  expect(at(tools[0], 'function', 'parameters')).toEqual({ type: 'object', properties: { query: { type: 'string' } } })
})

test('two calls are one turn', async () => {
  const { body } = await play('two calls are one turn')
  expect(rolesIn(body)).toEqual(['user', 'assistant', 'tool', 'tool'])
  expect(listAt(body, 'messages', 1, 'tool_calls').map((call) => at(call, 'id'))).toEqual(['call_1', 'call_2'])
  expect([at(body, 'messages', 2, 'tool_call_id'), at(body, 'messages', 3, 'tool_call_id')]).toEqual([
    'call_1',
    'call_2',
  ])
})

test('a picture between two results', async () => {
  const { body } = await play('a picture between two results')
  const messages = listAt(body, 'messages')
  const calls = messages.findIndex((message) => at(message, 'role') === 'assistant')
  const blocks = listAt(messages[calls + 1], 'content').map((block) => textAt(block, 'type'))
  expect(blocks.slice(0, 2)).toEqual(['tool_result', 'tool_result'])
  const later = messages.slice(calls + 1).flatMap((message) => listAt(message, 'content'))
  expect(later.find((block) => at(block, 'type') === 'image')).toMatchObject({
    source: { type: 'base64', data: 'iVBORw0KGgo=' },
  })
})

test('a picture in a result', async () => {
  const { body } = await play('a picture in a result')
  const messages = listAt(body, 'messages')
  const result = messages.findIndex((message) => at(message, 'role') === 'tool')
  expect(JSON.stringify(messages[result])).toContain('a picture')
  const [after] = messages.slice(result + 1)
  expect(at(after, 'role')).toBe('user')
  const parts = listAt(after, 'content')
  expect(parts.find((part) => at(part, 'type') === 'image_url')).toMatchObject({
    image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' },
  })
  expect(messages.filter((message) => textAt(message, 'content').includes('iVBORw0KGgo'))).toEqual([])
})

test('cut by its limit', async () => {
  const run = await play('cut by its limit')
  expect(lastOf(run)).toMatchObject({
    type: 'response.incomplete',
    response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  })
  expect(typesOf(run)).not.toContain('response.completed')
  expect((await play('cut by its limit', NOT_STREAMED)).first.document).toMatchObject({ status: 'incomplete' })
})

test('a schema does not vanish', async () => {
  const { body } = await play('a schema does not vanish')
  const schema = {
    type: 'object',
    properties: { ok: { type: 'boolean' } },
    required: ['ok'],
    additionalProperties: false,
  }
  expect(at(body, 'response_format')).toEqual({
    type: 'json_schema',
    json_schema: { name: 'answer', strict: true, schema },
  })
})

test('instructions and developers are one system message', async () => {
  const { body } = await play('instructions and developers are one system message', {}, 'a strict template')
  expect(rolesIn(body)).toEqual(['system', 'user'])
  expect(textAt(body, 'messages', 0, 'content')).toMatch(/^Be brief\.\s+Rules\.\s+More rules\.$/)
})

test('ids have the prefix of their kind', async () => {
  const run = await play('ids have the prefix of their kind')
  const items = listAt(lastOf(run), 'response', 'output')
  const idOf = (type: string): string =>
    textAt(
      items.find((item) => at(item, 'type') === type),
      'id',
    )
  expect([idOf('message').slice(0, 4), idOf('function_call').slice(0, 3)]).toEqual(['msg_', 'fc_'])
  expect(items.find((item) => at(item, 'type') === 'function_call')).toMatchObject({ call_id: 'call_1' })
  const named = run.first.events.map(({ data }) => at(data, 'item_id')).filter((id) => id !== undefined)
  expect(named.every((id) => id === idOf('message') || id === idOf('function_call'))).toBe(true)
  expect(textAt(lastOf(run), 'response', 'id')).toMatch(/^resp_/)
})

test('an error event becomes response.failed', async () => {
  const run = await play('an error event becomes response.failed')
  const created = textAt(ofType(run, 'response.created')[0], 'response', 'id')
  expect(lastOf(run)).toMatchObject({
    type: 'response.failed',
    response: { id: created, error: { message: expect.stringMatching(/overloaded/i) as unknown } },
  })
  expect(typesOf(run)).not.toContain('response.completed')
  expect(run.first.text).not.toContain('[DONE]')
})

test('a tool of a vendor that is not asked', async () => {
  const { body, first } = await play('a tool of a vendor that is not asked')
  expect(first.status).toBe(200)
  expect(listAt(body, 'tools').map((tool) => at(tool, 'type'))).toEqual(['function'])
  expect(first.headers.get('x-rivulet-dropped')).toContain('web_search')
})

test('a ping does not cut a frame', async () => {
  const run = await play('a ping does not cut a frame')
  expect(run.first.events.length).toBeGreaterThan(2)
  expect(typesOf(run).at(-1)).toBe('response.completed')
  const blocks = run.first.text.split('\n\n').filter((block) => block.includes('\n: ') || block.startsWith(': '))
  expect(blocks.every((block) => !block.includes('data: '))).toBe(true)
})
