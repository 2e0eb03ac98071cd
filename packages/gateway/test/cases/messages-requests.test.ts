/** What endpoints get of what clients of Messages ask: see fixtures/gateway-cases.json. */

import { expect, test } from 'vitest'
import { blocksOf, play } from '../support/cases.ts'
import { at, listAt, textAt } from '../support/json.ts'

const rolesIn = (body: unknown): unknown[] => listAt(body, 'messages').map((message) => at(message, 'role'))

test('words before a result', async () => {
  const { body } = await play('words before a result')
  expect(rolesIn(body)).toEqual(['user', 'assistant', 'tool', 'user'])
  expect(at(body, 'messages', 2, 'tool_call_id')).toBe(at(body, 'messages', 1, 'tool_calls', 0, 'id'))
  expect(JSON.stringify(at(body, 'messages', 3))).toContain('and New York?')
})

test('one call at a time', async () => {
  const { body } = await play('one call at a time')
  expect(at(body, 'parallel_tool_calls')).toBe(false)
  expect(['auto', undefined]).toContain(at(body, 'tool_choice'))
})

test('a line that changes with every request', async () => {
  const { sent, body } = await play('a line that changes with every request')
  expect([sent.length, sent[0] === sent[1]]).toEqual([2, true])
  expect(sent.join('')).not.toContain('x-anthropic-billing-header')
  expect(at(body, 'messages', 0)).toEqual({ role: 'system', content: 'You are an agent.' })
})

test('signed blocks keep their bytes', async () => {
  const { sent, body } = await play('signed blocks keep their bytes')
  expect(sent[0]).toContain(
    String.raw`"messages":[{"role":"user","content":"caf\u00e9 \/ 1.0"},{"role":"assistant","content":[{"signature":"c2ln\u002bQ==","type":"thinking","thinking":"a\u0020b"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"n":12345678901234567890,"r":1.0,"e":1E3}}]}`,
  )
  expect(at(body, 'model')).toBe('m')
})

test('a thought goes back to its author', async () => {
  const { got, sent } = await play('a thought goes back to its author', {}, 'DeepSeek')
  const blocks = blocksOf(got[0]?.events ?? [])
  expect(blocks.map(({ type }) => type)).toEqual(['thinking', 'tool_use'])
  const turn = listAt(JSON.parse(sent[1] ?? ''), 'messages')[1]
  expect([at(turn, 'reasoning_content'), listAt(turn, 'tool_calls').length]).toEqual(['Let me look.', 1])
  expect(textAt(turn, 'content')).not.toContain('Let me look.')
})

test('a sealed thought keeps its id', async () => {
  const { sent } = await play('a sealed thought keeps its id')
  const [one, two]: unknown[] = sent.map((text) => JSON.parse(text) as unknown)
  expect(one).toMatchObject({ store: false })
  expect(listAt(one, 'include')).toContain('reasoning.encrypted_content')
  const input = listAt(two, 'input')
  const thought = input.findIndex((item) => at(item, 'type') === 'reasoning')
  expect(at(input[thought], 'encrypted_content')).toBe('ENC-1')
  expect(['rs_1', undefined]).toContain(at(input[thought], 'id'))
  expect(input[thought + 1]).toMatchObject({ type: 'function_call', call_id: 'call_1' })
  expect(input[thought + 2]).toMatchObject({ type: 'function_call_output', call_id: 'call_1' })
})

test('as many results in one turn as calls', async () => {
  const { body } = await play('as many results in one turn as calls')
  const contents = listAt(body, 'contents')
  const model = contents.findIndex((content) => at(content, 'role') === 'model')
  const results = listAt(contents[model + 1], 'parts').filter((part) => at(part, 'functionResponse') !== undefined)
  const said = new Map(
    results.map((part) => [textAt(part, 'functionResponse', 'name'), at(part, 'functionResponse', 'response')]),
  )
  expect([...said.keys()].sort()).toEqual(['f', 'g'])
  expect(JSON.stringify(said.get('g'))).toContain('two')
  expect([...said.values()].every((response) => typeof response === 'object')).toBe(true)
  expect(JSON.stringify(contents.slice(model + 1))).toContain('go on')
})

test('thinking off, effort left over', async () => {
  const { body, first } = await play('thinking off, effort left over', {}, 'DeepSeek')
  expect(['none', undefined]).toContain(at(body, 'reasoning_effort'))
  expect(first.status).toBe(200)
})

test('tools that Gemini has no words for', async () => {
  const { body, first } = await play('tools that Gemini has no words for')
  const declared = at(body, 'tools', 0, 'functionDeclarations', 0)
  const schema = at(declared, 'parametersJsonSchema') ?? at(declared, 'parameters')
  expect(Object.keys(Object(at(schema, 'properties')) as object)).toEqual(['n', 'k', 'm'])
  expect(at(schema, 'required')).toEqual(['n'])
  if (at(declared, 'parametersJsonSchema') !== undefined) return
  expect(JSON.stringify(schema)).not.toMatch(/exclusiveMinimum|"const"|propertyNames|\$schema|additionalProperties/)
  expect(first.headers.get('x-rivulet-dropped')).not.toBeNull()
})
