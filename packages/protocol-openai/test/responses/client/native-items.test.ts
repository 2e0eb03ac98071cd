import type { Decoded } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import {
  added,
  call,
  completed,
  created,
  delta,
  done,
  event,
  finish,
  hello,
  input,
  message,
  response,
} from './events.ts'

const dialect = responses()
const read = (body: string): Decoded => readAs(created + body, undefined, (emit) => dialect.open(hello).decode(emit))
const contentOf = (body: string): unknown[] => {
  const { events, failure } = read(body)
  return failure === undefined ? events.slice(1, -1) : [failure.message]
}
const native = (value: object): object => ({ type: 'native', dialect: 'openai-responses', value })
const at = (type: string, fields: object): string => event(`response.${type}`, { output_index: 0, ...fields })
const citation = { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 2 }

describe('an item that only this dialect has a word for is given as it is, once', () => {
  test.each([
    'web_search_call',
    'file_search_call',
    'code_interpreter_call',
    'computer_call',
    'computer_call_output',
    'image_generation_call',
    'mcp_call',
    'mcp_list_tools',
    'mcp_approval_request',
    'compaction',
    'local_shell_call',
    'shell_call',
    'shell_call_output',
    'apply_patch_call',
    'tool_search_call',
    'tool_search_output',
    'something_new',
  ])('%s', (type) => {
    const item = { type, id: 'it_1', status: 'completed', content: 'a', summary: [{ text: 'a' }], arguments: '{}' }
    expect(contentOf(done(item) + completed())).toEqual([native(item)])
    expect(contentOf(completed([item]))).toEqual([native(item)])
    expect(contentOf(added({ ...item, status: 'in_progress' }) + done(item) + completed([item]))).toEqual([
      native(item),
    ])
    expect(contentOf(done(item) + completed([item, { ...item, id: 'it_2' }]))).toEqual([
      native(item),
      native({ ...item, id: 'it_2' }),
    ])
  })

  test('in its place between texts', () => {
    const item = { type: 'web_search_call', id: 'ws_1' }
    const body = delta('a') + done(item, 1) + delta('b', 2)
    expect(contentOf(body + completed([message('a'), item, message('b')]))).toEqual([
      { type: 'text', text: 'a' },
      native(item),
      { type: 'text', text: 'b' },
    ])
  })

  test('the phase of a message comes before its text', () => {
    const said = { ...message('Hi'), phase: 'commentary' }
    const expected = [native({ type: 'message', phase: 'commentary' }), { type: 'text', text: 'Hi' }]
    expect(contentOf(added({ ...said, content: [] }) + delta('Hi') + done(said) + completed([said]))).toEqual(expected)
    expect(contentOf(completed([said]))).toEqual(expected)
  })
})

describe('a citation is given once', () => {
  const cited = { type: 'message', content: [{ type: 'output_text', text: 'Hi', annotations: [citation] }] }
  const said = [{ type: 'text', text: 'Hi' }, native(citation)]
  const add = at('output_text.annotation.added', { content_index: 0, annotation_index: 0, annotation: citation })
  const part = at('content_part.done', { content_index: 0, part: cited.content[0] })

  test.each<[string, string]>([
    ['when it is added', delta('Hi') + add + completed()],
    ['at the end of its part', delta('Hi') + part + completed()],
    ['at the end of its item', done(cited) + completed()],
    ['in the final response', completed([cited])],
    ['although all of them have it', delta('Hi') + add + part + done(cited) + completed([cited])],
  ])('%s', (_when, body) => {
    expect(contentOf(body)).toEqual(said)
  })

  test('of a type that is not known is left out', () => {
    expect(
      contentOf(delta('Hi') + at('output_text.annotation.added', { annotation: { type: 'new' } }) + completed()),
    ).toEqual([{ type: 'text', text: 'Hi' }])
  })
})

describe('a call of a custom tool', () => {
  const custom = (text: string, fields: object = {}): object => ({
    type: 'custom_tool_call',
    id: 'ctc_1',
    call_id: 'a',
    name: 'patch',
    input: text,
    ...fields,
  })
  const piece = (text: string): string => at('custom_tool_call_input.delta', { delta: text })
  const inputDone = (text: string): string => at('custom_tool_call_input.done', { input: text })
  const begun = { type: 'tool-call', id: 'a', name: 'patch', format: 'text' }
  const said = (text: string): object => ({ type: 'tool-input', id: 'a', text })

  test.each<[string, string, object[]]>([
    [
      'has any text as its input',
      added(custom('')) + piece('*** "a') + piece('{') + inputDone('*** "a{') + done(custom('*** "a{')) + completed(),
      [begun, said('*** "a'), said('{')],
    ],
    ['may come only as a whole', done(custom('ab')) + completed([custom('ab')]), [begun, said('ab')]],
    ['may come only in the final response', completed([custom('ab')]), [begun, said('ab')]],
    [
      'gets what its pieces left out',
      added(custom('')) + piece('a') + inputDone('ab') + completed(),
      [begun, said('a'), said('b')],
    ],
    ['may have no input', added(custom('')) + done(custom('')) + completed(), [begun]],
  ])('%s', (_what, body, events) => {
    expect(contentOf(body)).toEqual(events)
    expect(read(body).events.at(-1)).toEqual(finish('tool-calls'))
  })

  test('that nothing repeats as a whole broke off: a text does not show its end', () => {
    expect(read(added(custom('')) + piece('ab') + completed()).failure).toMatchObject({ code: 'truncated' })
    const cut = event(
      'response.incomplete',
      response({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
    )
    expect(read(added(custom('')) + piece('ab') + cut).events.at(-1)).toEqual(finish('length'))
  })

  test('whose pieces differ from the whole is malformed', () => {
    expect(read(added(custom('')) + piece('{"a":1}') + done(custom('{"a": 1}')) + completed()).failure).toMatchObject({
      code: 'malformed',
    })
  })
})

test('a call in a namespace is named by both', () => {
  const item = call('{"x":1}', { namespace: 'mail', name: 'send' })
  const end = event('response.function_call_arguments.done', { output_index: 0, arguments: '{"x":1}', name: 'send' })
  const named = [
    { type: 'tool-call', id: 'a', name: 'mail__send' },
    { type: 'tool-input', id: 'a', text: '{"x":1}' },
  ]
  expect(
    contentOf(added({ ...item, arguments: '' }) + input('{"x":1}') + end + done(item) + completed([item])),
  ).toEqual(named)
  expect(contentOf(completed([item]))).toEqual(named)
})

test('usage counts the tokens that were written to the cache', () => {
  const usage = { input_tokens: 9, output_tokens: 2, input_tokens_details: { cached_tokens: 3, cache_write_tokens: 4 } }
  expect(read(completed([], { usage })).events.at(-1)).toMatchObject({
    usage: { inputTokens: 9, cachedTokens: 3, cacheWriteTokens: 4 },
  })
})
