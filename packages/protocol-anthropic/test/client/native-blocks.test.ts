import type { AssistantPart } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { block, delta, done, end, eventsOf, finish, native, say, stop, text } from '../support/decoding.ts'
import { bodyOf, hello, openedAs } from '../support/requests.ts'

const dialect = 'anthropic-messages'
const last = [stop('end_turn', {}), done]
const blocksOf = (...content: AssistantPart[]): unknown => {
  const { messages } = bodyOf({ messages: [hello, { role: 'assistant', content }, hello] })
  return (messages as { content: unknown }[])[1]?.content
}

/** @see https://platform.claude.com/docs/en/api/messages (2026-11-20) */
const BLOCKS: readonly Record<string, unknown>[] = [
  { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
  {
    type: 'web_search_tool_result',
    tool_use_id: 's',
    content: [{ type: 'web_search_result', encrypted_content: 'E' }],
  },
  { type: 'web_fetch_tool_result', tool_use_id: 's', content: { type: 'web_fetch_tool_result_error' } },
  { type: 'code_execution_tool_result', tool_use_id: 's', content: { type: 'code_execution_result', stdout: '7' } },
  { type: 'tool_search_tool_result', tool_use_id: 's', content: { tool_references: [] } },
  { type: 'mcp_tool_use', id: 'm', name: 'f', server_name: 'x', input: {} },
  { type: 'mcp_tool_result', tool_use_id: 'm', content: [], is_error: false },
  { type: 'container_upload', file_id: 'file_1' },
  { type: 'compaction', content: 'So far.', encrypted_content: 'E' },
  { type: 'something_new', any: ['thing'] },
]

describe.each(BLOCKS)('a block of the type $type', (value) => {
  test('is given whole, and goes back as it was', () => {
    expect(eventsOf(block(0, value), end(0), ...last)).toEqual([native(value), finish()])
    expect(blocksOf({ type: 'native', dialect, value })).toEqual([value])
  })
})

test('deltas of any kind are joined into their block', () => {
  const messages = [
    block(0, { type: 'compaction', content: null, encrypted_content: null }),
    delta(0, { type: 'compaction_delta', content: 'So ', encrypted_content: 'E' }),
    delta(0, { type: 'compaction_delta', content: 'far.' }),
    end(0),
    block(1, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
    delta(1, { type: 'input_json_delta', partial_json: '{"que' }),
    delta(1, { type: 'input_json_delta', partial_json: 'ry":"x"}' }),
    delta(1, { type: 'input_json_delta', partial_json: 7 }),
    end(1),
  ]
  expect(eventsOf(...messages, ...last)).toEqual([
    native({ type: 'compaction', content: 'So far.', encrypted_content: 'E' }),
    native({ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } }),
    finish(),
  ])
})

test('a block without a stop is given before the next one, and the last at the end', () => {
  const [one = {}, two = {}] = BLOCKS
  expect(eventsOf(block(0, one), block(1, { type: 'text', text: 'a' }), block(2, two), ...last)).toEqual([
    native(one),
    text('a'),
    native(two),
    finish(),
  ])
})

test('a call of the server’s own with broken arguments still goes back', () => {
  const messages = [
    block(0, { type: 'server_tool_use', id: 's', name: 'f', input: {} }),
    delta(0, { type: 'input_json_delta', partial_json: '{"x":' }),
  ]
  expect(eventsOf(...messages, end(0), ...last)).toEqual([
    native({ type: 'server_tool_use', id: 's', name: 'f', input: { INVALID_JSON: '{"x":' } }),
    finish(),
  ])
})

describe('a text with citations', () => {
  const citation = { type: 'char_location', cited_text: 'so', document_index: 0 }
  const cited = { type: 'text', text: 'It is so.', citations: [citation, citation] }
  const cite = delta(0, { type: 'citations_delta', citation })

  test('is given as text, and then once more with its citations, wherever they come', () => {
    const messages = [block(0, { type: 'text', text: '' }), cite, say('It is '), say('so.'), cite, end(0)]
    expect(eventsOf(...messages, ...last)).toEqual([text('It is '), text('so.'), native(cited), finish()])
    expect(eventsOf(block(0, cited), end(0), ...last)).toEqual([text('It is so.'), native(cited), finish()])
  })

  test('goes back as one block, in its place in the text', () => {
    const parts: AssistantPart[] = [
      { type: 'text', text: 'Well. It is so.' },
      { type: 'native', dialect, value: cited },
      { type: 'text', text: 'Yes.' },
    ]
    expect(blocksOf(...parts)).toEqual([{ type: 'text', text: 'Well. ' }, cited, { type: 'text', text: 'Yes.' }])
    expect(blocksOf({ type: 'text', text: 'It is so.' }, { type: 'native', dialect, value: cited })).toEqual([cited])
  })

  test('goes back without them when the text was changed since', () => {
    const parts: AssistantPart[] = [
      { type: 'text', text: 'It was so.' },
      { type: 'native', dialect, value: cited },
    ]
    expect(blocksOf(...parts)).toBe('It was so.')
  })
})

test('blocks of another dialect are left out and named', () => {
  const value = { type: 'web_search_call', id: 'ws_1' }
  const content: AssistantPart[] = [
    { type: 'native', dialect: 'openai-responses', value },
    { type: 'text', text: 'Yes.' },
  ]
  const { body, dropped } = openedAs({ messages: [hello, { role: 'assistant', content }] })
  expect(body.messages).toEqual([hello, { role: 'assistant', content: 'Yes.' }])
  expect(dropped).toEqual(['native parts of openai-responses'])
})
