import type { ChatRequest, Message } from '@rivulet/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/client/encode-request.ts'
import { chatCompletions } from '../../src/index.ts'

const hello: ChatRequest = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }
const sent = (request: ChatRequest, options?: Parameters<typeof encode>[1]): unknown =>
  JSON.parse(JSON.stringify(encode(request, options).http.body))
const sentMessage = (message: Message): unknown =>
  (sent({ ...hello, messages: [message] }) as { messages: unknown[] }).messages[0]

test('a field that the request leaves out is not sent', () => {
  expect(JSON.stringify(encode(hello).http.body)).toBe(
    '{"model":"gpt-4","messages":[{"role":"user","content":"Hello"}],"stream":true}',
  )
})

test('every field has its name on the wire, in a fixed order', () => {
  const request: ChatRequest = {
    extra: { 'openai-chat': { user: 'u1' } },
    reasoning: 'low',
    responseFormat: 'json',
    toolChoice: 'auto',
    tools: [{ name: 'f', description: 'd', parameters: { type: 'object', properties: {} } }],
    frequencyPenalty: -1,
    presencePenalty: 1,
    seed: 7,
    stop: ['.'],
    maxTokens: 100,
    topP: 0.5,
    temperature: 0,
    stream: true,
    ...hello,
  }
  const { body } = encode(request, { includeUsage: true }).http
  expect(Object.entries(JSON.parse(JSON.stringify(body)) as object)).toEqual([
    ['model', 'gpt-4'],
    ['messages', hello.messages],
    ['stream', true],
    ['stream_options', { include_usage: true }],
    ['temperature', 0],
    ['top_p', 0.5],
    ['max_tokens', 100],
    ['stop', ['.']],
    ['seed', 7],
    ['presence_penalty', 1],
    ['frequency_penalty', -1],
    [
      'tools',
      [
        {
          type: 'function',
          function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } },
        },
      ],
    ],
    ['tool_choice', 'auto'],
    ['response_format', { type: 'json_object' }],
    ['reasoning_effort', 'low'],
    ['user', 'u1'],
  ])
})

describe('equal requests are equal bytes', () => {
  const field = fc.record(
    {
      model: fc.constant('gpt-4'),
      messages: fc.constant(hello.messages),
      temperature: fc.constant(0.5),
      maxTokens: fc.constant(9),
      seed: fc.constant(1),
      stop: fc.constant<string[]>(['.']),
      reasoning: fc.constant('low' as const),
    },
    { requiredKeys: ['model', 'messages'] },
  )
  const law = (bytesOf: (request: ChatRequest) => string) =>
    fc.property(field, fc.array(fc.nat(), { minLength: 7, maxLength: 7 }), (request, order) => {
      const shuffled = Object.fromEntries(
        Object.entries(request)
          .map((entry, place) => ({ entry, at: order[place] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ entry }) => entry),
      )
      expect(bytesOf(shuffled as unknown as ChatRequest)).toBe(bytesOf(request))
    })

  test('whatever the order of their fields', () => {
    fc.assert(law((request) => JSON.stringify(encode(request).http.body)))
  })

  test('the law detects an encoding in the order of the request', () => {
    expect(() => {
      fc.assert(law((request) => JSON.stringify(request)))
    }).toThrow()
  })
})

test('a deeply frozen request is encoded', () => {
  const request = {
    ...hello,
    tools: Object.freeze([Object.freeze({ name: 'f' })]),
    extra: Object.freeze({ 'openai-chat': Object.freeze({ a: 1 }) }),
  }
  expect(sent(Object.freeze(request) as unknown as ChatRequest)).toMatchObject({ a: 1 })
})

describe('stream', () => {
  test.each([
    ['true, which is also the default', true, {}, { stream: true }],
    ['false asks for one piece, and not for the usage of a stream', false, { includeUsage: true }, {}],
    ['false, for an endpoint that only streams', false, { alwaysStream: true }, { stream: true }],
  ])('%s', (_name, wanted, options, expected) => {
    const { stream, stream_options: rest } = sent({ ...hello, stream: wanted }, options) as Record<string, unknown>
    expect({ ...(stream !== undefined && { stream }), ...(rest !== undefined && { rest }) }).toEqual(expected)
  })
})

test('extra is merged last, so it overrides', () => {
  expect(
    sent({ ...hello, temperature: 1, extra: { 'openai-chat': { temperature: 2, own: { a: [1] } } } }),
  ).toMatchObject({
    temperature: 2,
    own: { a: [1] },
  })
})

describe('messages', () => {
  test.each<[string, Message, unknown]>([
    ['of the system', { role: 'system', content: 'Be brief.' }, { role: 'system', content: 'Be brief.' }],
    ['of the user', { role: 'user', content: 'Hi' }, { role: 'user', content: 'Hi' }],
    [
      'of the user, in parts',
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', url: 'data:image/png;base64,AA' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
        ],
      },
    ],
    ['of the assistant', { role: 'assistant', content: 'Hello.' }, { role: 'assistant', content: 'Hello.' }],
    ['of the assistant, without calls', { role: 'assistant', content: [] }, { role: 'assistant', content: '' }],
    [
      'of the assistant, with a call and text',
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool-call', id: '1', name: 'f', input: '{"a":1}' },
        ],
      },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
    ],
    [
      'of the assistant, with calls alone: no content, because some endpoints refuse an empty one',
      { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: '{}' }] },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    ],
    ['of a tool', { role: 'tool', toolCallId: '1', content: '42' }, { role: 'tool', tool_call_id: '1', content: '42' }],
  ])('%s', (_name, message, expected) => {
    expect(sentMessage(message)).toEqual(expected)
  })
})

test('an empty list of tools is left out, and the choice with it', () => {
  const body = sent({ ...hello, tools: [], toolChoice: 'required' })
  expect(body).not.toHaveProperty('tools')
  expect(body).not.toHaveProperty('tool_choice')
  expect(sent({ ...hello, tools: [{ name: 'f' }], toolChoice: 'required' })).toHaveProperty('tool_choice', 'required')
})

test.each([
  ['{}', {}, { type: 'object', properties: {} }],
  ['no properties', { type: 'object', additionalProperties: false }, { type: 'object', additionalProperties: false }],
])('parameters are a whole object schema: %s', (_name, parameters, expected) => {
  const { tools } = sent({ ...hello, tools: [{ name: 'f', parameters }] }) as { tools: object[] }
  expect(tools[0]).toMatchObject({ function: { parameters: { properties: {}, ...expected } } })
})

test.each([
  ['{"a":1}', '{"a":1}'],
  [' {"a": 1} ', ' {"a": 1} '],
  ['', '{}'],
  ['null', '{}'],
  ['{"a":', '{"INVALID_JSON":"{\\"a\\":"}'],
  ['{"a":1}{"b":2}', '{"INVALID_JSON":"{\\"a\\":1}{\\"b\\":2}"}'],
  ['[1]', '{"INVALID_JSON":"[1]"}'],
  ['the path is x', '{"INVALID_JSON":"the path is x"}'],
])('arguments go back as an object in a string, also those that the model broke: %s', (json, expected) => {
  const call: Message = { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: json }] }
  expect(sentMessage(call)).toMatchObject({ tool_calls: [{ function: { arguments: expected } }] })
})

test('a tool without parameters gets an empty object schema', () => {
  expect(sent({ ...hello, tools: [{ name: 'now' }] })).toMatchObject({
    tools: [{ type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } }],
  })
})

test.each<[ChatRequest['toolChoice'], unknown]>([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'required'],
  [{ name: 'f' }, { type: 'function', function: { name: 'f' } }],
])('tool choice %j', (toolChoice, expected) => {
  const tools = [{ name: 'f' }]
  const request = { ...hello, tools, ...(toolChoice !== undefined && { toolChoice }) }
  expect(sent(request)).toMatchObject({ tool_choice: expected })
  expect(sent({ ...request, tools: [] })).not.toHaveProperty('tool_choice')
  expect(sent({ ...request, tools: [], extra: { 'openai-chat': { tools: [{ type: 'web_search' }] } } })).toHaveProperty(
    'tool_choice',
  )
})

test('response formats: text is omitted, JSON is any object, a schema is strict', () => {
  expect(sent({ ...hello, responseFormat: 'text' })).not.toHaveProperty('response_format')
  expect(sent({ ...hello, responseFormat: 'json' })).toMatchObject({ response_format: { type: 'json_object' } })
  expect(sent({ ...hello, responseFormat: { name: 'n', schema: { type: 'object' } } })).toMatchObject({
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
  })
})

test('the path is /chat/completions unless a quirk says otherwise', () => {
  expect(chatCompletions().open(hello).http.path).toBe('/chat/completions')
  expect(chatCompletions({ path: '/v1/chat' }).open(hello).http.path).toBe('/v1/chat')
})
