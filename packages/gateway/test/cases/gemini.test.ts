/** What clients of Gemini get, and what endpoints get of what they ask: see fixtures/gateway-cases.json. */

import { expect, test } from 'vitest'
import { play } from '../support/cases.ts'
import { at, listAt, textAt } from '../support/json.ts'

test('signatures of calls go back as they came', async () => {
  const { body } = await play('signatures of calls go back as they came')
  const parts = listAt(body, 'contents', 1, 'parts')
  expect(parts).toEqual([
    { text: 'Thinking.', thought: true },
    { functionCall: { id: 'a1', name: 'f', args: { x: 1 } }, thoughtSignature: 'c2lnLUE=' },
    { functionCall: { id: 'a2', name: 'f', args: { x: 2 } } },
  ])
  expect(listAt(body, 'contents', 2, 'parts').map((part) => at(part, 'functionResponse', 'id'))).toEqual(['a1', 'a2'])
  expect(at(body, 'tools', 0, 'functionDeclarations', 0, 'name')).toBe('f')
})

test('two calls of one name, without ids', async () => {
  const { body } = await play('two calls of one name, without ids')
  const calls = listAt(body, 'messages').flatMap((message) => listAt(message, 'tool_calls'))
  const results = listAt(body, 'messages').filter((message) => at(message, 'role') === 'tool')
  const said = (city: string): string => {
    const id = at(
      calls.find((call) => textAt(call, 'function', 'arguments').includes(city)),
      'id',
    )
    return JSON.stringify(results.find((result) => at(result, 'tool_call_id') === id))
  }
  expect([calls.length, new Set(calls.map((call) => at(call, 'id'))).size]).toEqual([2, 2])
  expect([said('Paris').includes('18'), said('Oslo').includes('7')]).toEqual([true, true])
  expect(['object', undefined]).toContain(at(body, 'tools', 0, 'function', 'parameters', 'type'))
})

test('a stream without alt=sse', async () => {
  const { first } = await play('a stream without alt=sse')
  expect(first.headers.get('content-type')).toMatch(/^application\/json/)
  const all = listAt(first.document)
  const words = all
    .flatMap((chunk) => listAt(chunk, 'candidates', 0, 'content', 'parts'))
    .map((part) => textAt(part, 'text'))
  expect([words.join(''), at(all.at(-1), 'candidates', 0, 'finishReason')]).toEqual(['Hello', 'STOP'])
  expect(first.text).not.toMatch(/^data:/m)
})

test('calls come whole', async () => {
  const { first } = await play('calls come whole')
  const all = first.events.map(({ data }) => data)
  const parts = all.flatMap((chunk) => listAt(chunk, 'candidates', 0, 'content', 'parts'))
  const calls = parts.map((part) => at(part, 'functionCall')).filter((call) => call !== undefined)
  expect(calls.map((call) => [at(call, 'name'), at(call, 'args')])).toEqual([
    ['f', { x: 1 }],
    ['g', { y: 2 }],
  ])
  const ends = all.filter((chunk) => at(chunk, 'candidates', 0, 'finishReason') !== undefined)
  expect([ends.length, ends[0] === all.findLast((chunk) => listAt(chunk, 'candidates').length > 0)]).toEqual([1, true])
  expect(at(ends[0], 'candidates', 0, 'finishReason')).toBe('STOP')
  const usage = all.map((chunk) => at(chunk, 'usageMetadata')).findLast((each) => each !== undefined)
  expect(usage).toMatchObject({
    promptTokenCount: 10,
    candidatesTokenCount: 4,
    thoughtsTokenCount: 2,
    totalTokenCount: 16,
  })
})

test('both spellings are Gemini', async () => {
  const { body, first } = await play('both spellings are Gemini')
  expect(at(body, 'messages', 0)).toEqual({ role: 'system', content: 'Be brief.' })
  expect(at(body, 'tools', 0, 'function')).toMatchObject({
    name: 'f',
    parameters: { type: 'object', properties: { x: { type: 'integer' } } },
  })
  expect([at(body, 'max_tokens') ?? at(body, 'max_completion_tokens'), at(body, 'stop')]).toEqual([64, ['END']])
  expect(first.headers.get('x-rivulet-dropped')).toBeNull()
})
