import type { ChatRequest, Message } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { responses, type ResponsesOptions } from '../../../src/index.ts'
import type { Decoded } from '@rivulet/testkit'
import { read as readAs } from '../../support/decoding.ts'
import { completed as completedWith, created, delta, event, finish, hello, response, start } from './events.ts'

const dialect = responses()
const read = (body: string | readonly Uint8Array[], type?: string): Decoded =>
  readAs(body, type, (emit) => dialect.open(hello).decode(emit))
const completed = completedWith()

test('a document of another dialect is malformed, a stream that started is truncated', () => {
  expect(read('{"status":"ok"}', 'application/json').failure).toMatchObject({ code: 'malformed' })
  expect(read(created).failure).toMatchObject({ code: 'truncated' })
})

describe('an answer', () => {
  test('is its deltas, cut anywhere', () => {
    const body = created + delta('Hé') + delta('llo 🌊') + completed
    const expected = { events: [start, { type: 'text', text: 'Hé' }, { type: 'text', text: 'llo 🌊' }, finish()] }
    expect(read(body)).toEqual(expected)
    expect(read(Array.from(Buffer.from(body), (byte) => Uint8Array.of(byte)))).toEqual(expected)
  })

  test('that arrives only as a whole item is emitted, and never twice', () => {
    const item = (type: string, fields: object): string =>
      event('response.output_item.done', { output_index: 0, item: { type, ...fields } })
    const said = item('message', { content: [{ type: 'output_text', text: 'Hi' }] })
    expect(read(created + said + completed).events).toEqual([start, { type: 'text', text: 'Hi' }, finish()])
    expect(read(created + delta('Hi') + said + completed).events).toEqual([
      start,
      { type: 'text', text: 'Hi' },
      finish(),
    ])
    const call = item('function_call', { call_id: '1', name: 'f', arguments: '{"a":1}' })
    expect(read(created + call + completed).events).toEqual([
      start,
      { type: 'tool-call', id: '1', name: 'f' },
      { type: 'tool-input', id: '1', text: '{"a":1}' },
      finish('tool-calls'),
    ])
  })

  test('in one piece gives the same events', () => {
    const output = [
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gA' },
      { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
      { type: 'function_call', call_id: '1', name: 'f', arguments: '{"a":1}' },
      { type: 'web_search_call' },
    ]
    const usage = { input_tokens: 1, output_tokens: 2 }
    const { response: document } = response({ output, usage })
    for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
      expect(read(text, 'application/json').events).toEqual([
        start,
        { type: 'reasoning', text: 'hm', id: 'rs_1' },
        { type: 'reasoning', text: '', id: 'rs_1', sealed: 'gA' },
        { type: 'text', text: 'Hi' },
        { type: 'tool-call', id: '1', name: 'f' },
        { type: 'tool-input', id: '1', text: '{"a":1}' },
        { type: 'native', dialect: 'openai-responses', value: { type: 'web_search_call' } },
        { ...finish('tool-calls'), usage: { inputTokens: 1, outputTokens: 2, source: 'reported' } },
      ])
    }
  })

  test('of an open model has its reasoning', () => {
    const body = created + event('response.reasoning_text.delta', { output_index: 0, delta: 'hm' }) + completed
    expect(read(body).events).toContainEqual({ type: 'reasoning', text: 'hm' })
  })
})

describe('the end of an answer', () => {
  test('is the event that completes it: anything shorter is truncated', () => {
    const whole = created + delta('a') + completed
    const mark = whole.indexOf('event: response.completed')
    for (let length = created.length; length < mark; length++) {
      expect(read(whole.slice(0, length)).failure).toMatchObject({ code: 'truncated' })
    }
    expect(read(`${created}${delta('a')}data: [DONE]\n\n`).failure).toMatchObject({ code: 'truncated' })
    expect(read('').failure).toMatchObject({ code: 'malformed' })
    expect(read('data: hello\n\n').failure).toMatchObject({ code: 'malformed' })
    expect(read('data: {"type":"resp\n\n').failure).toMatchObject({ code: 'truncated' })
  })

  test.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
    ['something new', 'other'],
  ])('incomplete for %s finishes as %s', (reason, expected) => {
    const end = event('response.incomplete', response({ status: 'incomplete', incomplete_details: { reason } }))
    expect(read(created + delta('a') + end).events.at(-1)).toEqual(finish(expected))
  })

  test('a failure has the code that it names, in a response, an error event and a document', () => {
    const error = { code: 'rate_limit_exceeded', message: 'slow down' }
    const bodies: [string, string?][] = [
      [created + event('response.failed', response({ status: 'failed', error }))],
      [created + event('error', { ...error, param: null })],
      [event('error', { error })],
      [JSON.stringify({ error }), 'application/json'],
      [JSON.stringify(response({ status: 'failed', error }).response), 'application/json'],
    ]
    for (const [body, type] of bodies) expect(read(body, type).failure).toMatchObject({ code: 'rate-limited' })
    const silent = created + event('response.failed', response({ status: 'failed' }))
    expect(read(silent).failure).toMatchObject({ code: 'overloaded' })
    const cancelled = created + event('response.cancelled', response({ status: 'cancelled' }))
    expect(read(cancelled).failure).toMatchObject({ code: 'truncated' })
  })

  test('inside the arguments of a call is truncated, unless the token limit cut them', () => {
    const call =
      event('response.output_item.added', {
        output_index: 0,
        item: { type: 'function_call', call_id: '1', name: 'f' },
      }) + event('response.function_call_arguments.delta', { output_index: 0, delta: '{"a"' })
    expect(read(created + call + completed).failure).toMatchObject({ code: 'truncated' })
    const end = event('response.incomplete', response({ incomplete_details: { reason: 'max_output_tokens' } }))
    expect(read(created + call + end).events.at(-1)).toEqual(finish('length'))
  })

  test('counts the frames that could not be read', () => {
    expect(read(`${created}data: hello\n\n${delta('a')}${completed}`).events.at(-1)).toEqual({
      ...finish(),
      skipped: 1,
    })
  })
})

describe('a request', () => {
  const hello: ChatRequest = { model: 'gpt-6', messages: [{ role: 'user', content: 'Hello' }] }
  const sent = (request: ChatRequest, options?: ResponsesOptions): Record<string, unknown> =>
    JSON.parse(JSON.stringify(responses(options).open(request).http.body)) as Record<string, unknown>
  const input = (messages: Message[], options?: ResponsesOptions) => sent({ ...hello, messages }, options).input

  test('has these fields, in a fixed order, and the endpoint stores nothing', () => {
    const request: ChatRequest = {
      extra: { 'openai-responses': { store: true, service_tier: 'flex' } },
      reasoning: 'low',
      responseFormat: { name: 'n', schema: { type: 'object' } },
      toolChoice: { name: 'f' },
      tools: [{ name: 'f', description: 'd' }],
      maxTokens: 9,
      topP: 0.5,
      temperature: 0,
      ...hello,
    }
    expect(Object.entries(sent(request, { reasoningSummary: 'auto' }))).toEqual([
      ['model', 'gpt-6'],
      ['input', hello.messages],
      ['stream', true],
      ['store', true],
      ['temperature', 0],
      ['top_p', 0.5],
      ['max_output_tokens', 9],
      [
        'tools',
        [
          {
            type: 'function',
            name: 'f',
            description: 'd',
            parameters: { type: 'object', properties: {} },
            strict: false,
          },
        ],
      ],
      ['tool_choice', { type: 'function', name: 'f' }],
      ['text', { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } }],
      ['reasoning', { effort: 'low', summary: 'auto' }],
      ['include', ['reasoning.encrypted_content']],
      ['service_tier', 'flex'],
    ])
    expect(sent({ ...hello, stream: false })).toEqual({ model: 'gpt-6', input: hello.messages, store: false })
    expect(sent({ ...hello, responseFormat: 'json' }).text).toEqual({ format: { type: 'json_object' } })
  })

  test('leaves out what the API refuses, and mends what it does not take', () => {
    expect(sent({ ...hello, tools: [], toolChoice: 'auto' })).not.toHaveProperty('tools')
    expect(sent({ ...hello, tools: [], toolChoice: 'auto' })).not.toHaveProperty('tool_choice')
    expect(sent({ ...hello, tools: [{ name: 'f', parameters: {} }] })).toHaveProperty('tools.0.parameters', {
      type: 'object',
      properties: {},
    })
    const call = { type: 'tool-call' as const, id: '1', name: 'f', input: '{"x":' }
    const history: Message[] = [
      { role: 'user', content: [{ type: 'image', url: 'data:image/jpg;base64,AA==' }] },
      { role: 'assistant', content: [call] },
      { role: 'tool', toolCallId: '1', content: 'not JSON', isError: true },
    ]
    const { input } = sent({ ...hello, messages: history }) as { input: unknown[] }
    expect(input[0]).toHaveProperty('content.0.image_url', 'data:image/jpeg;base64,AA==')
    expect(input[1]).toMatchObject({ type: 'function_call', arguments: '{"INVALID_JSON":"{\\"x\\":"}' })
  })

  test('writes parts, calls and their results in the words of the dialect', () => {
    expect(
      input([
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image', url: 'https://a.example/a.png' },
            { type: 'file', url: 'data:application/pdf;base64,AA', name: 'a.pdf' },
            { type: 'file', url: 'https://a.example/a.pdf' },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: '{}' }] },
        { role: 'tool', toolCallId: '1', content: '42' },
      ]),
    ).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_image', image_url: 'https://a.example/a.png', detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' },
          { type: 'input_file', file_url: 'https://a.example/a.pdf' },
        ],
      },
      { type: 'function_call', call_id: '1', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: '1', output: '42' },
    ])
  })

  test('sends sealed thoughts back to the provider that sealed them, and no others', () => {
    const turn: Message = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', id: 'rs_1', sealed: 'gA' },
        { type: 'reasoning', text: 'plain' },
        { type: 'text', text: 'Hi' },
      ],
      origin: { provider: 'openai', model: 'gpt-6' },
    }
    expect(input([turn], { origin: 'openai' })).toEqual([
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gA' },
      { role: 'assistant', content: 'Hi' },
    ])
    for (const options of [{}, { origin: 'another' }]) {
      expect(input([turn], options)).toEqual([{ role: 'assistant', content: 'Hi' }])
    }
  })
})
