import type { ChatRequest, Message, Tool } from '@rivulet/core'
import { adaptSchema, OPENAI_STRICT } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/client/encode-request.ts'
import type { ChatQuirks } from '../../src/index.ts'

const hello: ChatRequest = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }
const sent = (fields: Partial<ChatRequest>, quirks: ChatQuirks = {}): Record<string, unknown> =>
  JSON.parse(JSON.stringify(encode({ ...hello, ...fields }, quirks).http.body)) as Record<string, unknown>
const dropped = (fields: Partial<ChatRequest>, quirks: ChatQuirks = {}): readonly string[] =>
  encode({ ...hello, ...fields }, quirks).dropped
const messagesOf = (messages: readonly Message[], quirks: ChatQuirks = {}): unknown =>
  sent({ messages }, quirks).messages
const unsupported = expect.objectContaining({ code: 'unsupported' }) as Error

test('a plain request loses nothing', () => {
  expect(dropped({ temperature: 1, tools: [{ name: 'f', strict: true }], reasoning: 'max' })).toEqual([])
})

describe('an effort', () => {
  const efforts: ChatQuirks['efforts'] = { none: { think: 0 }, low: { think: 1 }, high: { think: 3 } }

  test.each([
    ['none', 0, undefined],
    ['minimal', 1, "reasoning: 'minimal' sent as 'low'"],
    ['low', 1, undefined],
    // Of two that are as near, the higher one.
    ['medium', 3, "reasoning: 'medium' sent as 'high'"],
    ['high', 3, undefined],
    ['xhigh', 3, "reasoning: 'xhigh' sent as 'high'"],
    ['max', 3, "reasoning: 'max' sent as 'high'"],
  ] as const)(
    '%s is sent as the nearest that the endpoint knows, and named where it differs',
    (reasoning, think, name) => {
      expect(sent({ reasoning }, { efforts })).toMatchObject({ think })
      expect(dropped({ reasoning }, { efforts })).toEqual(name === undefined ? [] : [name])
    },
  )

  test('none is sent as the least, by an endpoint that always thinks', () => {
    expect(dropped({ reasoning: 'none' }, { efforts: { low: {}, high: {} } })).toEqual([
      "reasoning: 'none' sent as 'low'",
    ])
  })

  test('depends on the model where the models of an endpoint differ', () => {
    const quirks: ChatQuirks = { effortsOf: (model) => (model === 'gpt-4' ? ['low', 'high'] : undefined) }
    expect(sent({ reasoning: 'max' }, quirks)).toMatchObject({ reasoning_effort: 'high' })
    expect(sent({ model: 'other', reasoning: 'max' }, quirks)).toMatchObject({ reasoning_effort: 'max' })
    expect(dropped({ model: 'other', reasoning: 'max' }, quirks)).toEqual([])
  })

  test('goes as it is to an endpoint of which nothing is known', () => {
    expect(sent({ reasoning: 'xhigh' })).toMatchObject({ reasoning_effort: 'xhigh' })
  })
})

describe('settings that not every endpoint has', () => {
  test('top_k is sent where it is taken, and named elsewhere', () => {
    expect(sent({ topK: 5 }, { topK: true })).toMatchObject({ top_k: 5 })
    expect(sent({ topK: 5 })).not.toHaveProperty('top_k')
    expect(dropped({ topK: 5 })).toEqual(['topK'])
  })

  test('parallel_tool_calls is sent beside tools alone: it is refused without them', () => {
    expect(sent({ parallelToolCalls: false, tools: [{ name: 'f' }] })).toMatchObject({ parallel_tool_calls: false })
    expect(sent({ parallelToolCalls: false })).not.toHaveProperty('parallel_tool_calls')
  })

  test('a tool is strict where schemas are, and strict is named elsewhere', () => {
    const tools: Tool[] = [{ name: 'f', strict: true }]
    expect(sent({ tools })).toMatchObject({ tools: [{ function: { strict: true } }] })
    expect(sent({ tools }, { schemas: 'loose' })).not.toMatchObject({ tools: [{ function: { strict: true } }] })
    expect(dropped({ tools }, { schemas: 'loose' })).toEqual(['strict'])
    expect(dropped({ tools: [{ name: 'f' }] }, { schemas: 'none' })).toEqual([])
  })
})

describe('a strict schema, where the endpoint takes some keywords alone', () => {
  const quirks: ChatQuirks = { strictSchema: (schema) => adaptSchema(schema, OPENAI_STRICT) }
  const plain = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  const closed = { ...plain, additionalProperties: false }
  const limited = { ...plain, properties: { a: { type: 'string', maxLength: 9 } } }

  test('is closed, as the endpoint wants it', () => {
    const fields: Partial<ChatRequest> = {
      tools: [{ name: 'f', strict: true, parameters: plain }],
      responseFormat: { name: 'n', schema: plain },
    }
    expect(sent(fields, quirks)).toMatchObject({
      tools: [{ function: { strict: true, parameters: closed } }],
      response_format: { json_schema: { strict: true, schema: closed } },
    })
    expect(dropped(fields, quirks)).toEqual([])
  })

  test('that it can not hold an answer to is a meaning; of a tool, strict is left out and named', () => {
    expect(() => sent({ responseFormat: { name: 'n', schema: limited } }, quirks)).toThrow(unsupported)
    const tools: Tool[] = [{ name: 'f', strict: true, parameters: limited }]
    expect(sent({ tools }, quirks)).toMatchObject({ tools: [{ function: { name: 'f', parameters: limited } }] })
    expect(sent({ tools }, quirks)).not.toMatchObject({ tools: [{ function: { strict: true } }] })
    expect(dropped({ tools }, quirks)).toEqual(['strict'])
  })

  test("strict: 'auto' is strict where the endpoint holds an answer to all of it, else a hint", () => {
    const sentAs = (schema: object) =>
      sent({ responseFormat: { name: 'n', schema: { ...schema }, strict: 'auto' } }, quirks).response_format
    expect(sentAs(plain)).toMatchObject({ json_schema: { strict: true, schema: closed } })
    expect(sentAs(limited)).toMatchObject({ json_schema: { strict: false, schema: limited } })
  })

  test('that is a hint goes as it is', () => {
    const responseFormat = { name: 'n', schema: limited, strict: false }
    expect(sent({ responseFormat }, quirks)).toMatchObject({ response_format: { json_schema: { schema: limited } } })
  })
})

describe('a text tool', () => {
  const tools: Tool[] = [
    { type: 'text', name: 'patch', description: 'd', grammar: { syntax: 'lark', definition: 'start: "a"' } },
    { type: 'text', name: 'query' },
  ]
  const messages: Message[] = [
    { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'patch', input: 'a\n', format: 'text' }] },
  ]

  test('is a custom tool where the endpoint has those, in the list, the choice and the history', () => {
    const body = sent({ tools, toolChoice: { name: 'patch' }, messages }, { customTools: true })
    expect(body).toMatchObject({
      tools: [
        {
          type: 'custom',
          custom: {
            name: 'patch',
            description: 'd',
            format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "a"' } },
          },
        },
        { type: 'custom', custom: { name: 'query' } },
      ],
      tool_choice: { type: 'custom', custom: { name: 'patch' } },
      messages: [{ tool_calls: [{ id: '1', type: 'custom', custom: { name: 'patch', input: 'a\n' } }] }],
    })
    expect(dropped({ tools }, { customTools: true })).toEqual([])
  })

  test('is a function elsewhere, and named', () => {
    const body = sent({ tools, toolChoice: { name: 'patch' }, messages })
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'patch' } }, { type: 'function' }],
      tool_choice: { type: 'function', function: { name: 'patch' } },
      messages: [{ tool_calls: [{ type: 'function', function: { name: 'patch', arguments: '{"input":"a\\n"}' } }] }],
    })
    expect(dropped({ tools })).toEqual(["tool 'patch' sent as a function", "tool 'query' sent as a function"])
  })
})

describe('what only one dialect has a word for', () => {
  test('is sent there as it is: a tool, a part of a user, fields of a turn', () => {
    const search = { type: 'web_search', web_search: {} }
    const sound = { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'native', dialect: 'openai-chat', value: sound }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a' },
          { type: 'native', dialect: 'openai-chat', value: { annotations: [1] } },
          { type: 'native', dialect: 'openai-chat', value: { annotations: [2] } },
          { type: 'native', dialect: 'openai-chat', value: { audio: { id: 'audio_1', data: 'AA' } } },
          { type: 'native', dialect: 'openai-chat', value: { audio: { data: 'BB' } } },
        ],
      },
    ]
    const tools: Tool[] = [{ type: 'native', dialect: 'openai-chat', value: search }]
    expect(sent({ tools, messages })).toMatchObject({
      tools: [search],
      messages: [
        { role: 'user', content: [sound] },
        { role: 'assistant', content: 'a', annotations: [1, 2], audio: { id: 'audio_1' } },
      ],
    })
    expect(dropped({ tools, messages })).toEqual([])
  })

  test('a part of another dialect is left out and named', () => {
    const native = { type: 'native', dialect: 'gemini', value: { executableCode: {} } } as const
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'a' }, native] },
      { role: 'assistant', content: [native, { type: 'text', text: 'b' }] },
    ]
    expect(messagesOf(messages)).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', content: 'b' },
    ])
    expect(dropped({ messages })).toEqual(['native parts of gemini'])
  })

  test('a tool of another dialect is a meaning: a group asks its next member', () => {
    expect(() => sent({ tools: [{ type: 'native', dialect: 'gemini', value: {} }] })).toThrow(unsupported)
  })
})

describe('images and files of tool results', () => {
  const image = { type: 'image', url: 'data:image/png;base64,AA' } as const
  const wire = { type: 'image_url', image_url: { url: image.url } }
  const call = (id: string): Message => ({
    role: 'assistant',
    content: [{ type: 'tool-call', id, name: 'f', input: '{}' }],
  })
  const messages: Message[] = [
    call('1'),
    { role: 'tool', toolCallId: '1', content: [{ type: 'text', text: 'a' }, image] },
    { role: 'tool', toolCallId: '2', content: [image] },
    { role: 'user', content: 'Go on.' },
  ]

  test('go into a turn of the user after all results, and are named', () => {
    expect(messagesOf(messages)).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', tool_call_id: '1', content: 'a' },
      { role: 'tool', tool_call_id: '2', content: '(in the next message)' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'From the result of tool call 1:' },
          wire,
          { type: 'text', text: 'From the result of tool call 2:' },
          wire,
        ],
      },
      { role: 'user', content: 'Go on.' },
    ])
    expect(dropped({ messages })).toEqual(["images of tool results sent as a user's turn"])
    expect(messagesOf(messages.slice(0, 3))).toHaveLength(4)
  })

  test('stay where the endpoint takes parts', () => {
    expect(messagesOf(messages, { toolResults: 'parts' })).toMatchObject([
      { role: 'assistant' },
      { role: 'tool', content: [{ type: 'text', text: 'a' }, wire] },
      { role: 'tool', content: [wire] },
      { role: 'user', content: 'Go on.' },
    ])
    expect(dropped({ messages }, { toolResults: 'parts' })).toEqual([])
  })

  test('follow an answer where the endpoint requires one between a result and a user', () => {
    expect(messagesOf(messages.slice(0, 3), { userAfterTool: 'answered' })).toMatchObject([
      { role: 'assistant' },
      { role: 'tool' },
      { role: 'tool' },
      { role: 'assistant', content: '…' },
      { role: 'user' },
    ])
  })

  test('that the endpoint does not take at all are a meaning', () => {
    expect(() => messagesOf(messages, { imageTypes: [] })).toThrow(unsupported)
  })

  test('text in parts is a text', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ] as const
    expect(messagesOf([{ role: 'tool', toolCallId: '1', content }])).toMatchObject([{ content: 'ab' }])
  })
})

describe('marks for the cache', () => {
  const marks: Partial<ChatRequest> = {
    tools: [{ name: 'f', cache: '1h' }],
    messages: [
      { role: 'system', content: 'Long.', cache: true },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a', cache: '5m' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'c', cache: true }] },
    ],
  }
  const ephemeral = { type: 'ephemeral' }

  test('are sent with their time to live, on tools, messages and parts', () => {
    expect(sent(marks, { cacheControl: true })).toMatchObject({
      tools: [{ type: 'function', cache_control: { ...ephemeral, ttl: '1h' } }],
      messages: [
        { content: [{ type: 'text', text: 'Long.', cache_control: ephemeral }] },
        { content: [{ text: 'a', cache_control: { ...ephemeral, ttl: '5m' } }, { text: 'b' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'c', cache_control: ephemeral }] },
      ],
    })
    expect(dropped(marks, { cacheControl: true })).toEqual([])
  })

  test('on a result are on its last part', () => {
    const messages: Message[] = [{ role: 'tool', toolCallId: '1', content: 'a', cache: true }]
    expect(messagesOf(messages, { cacheControl: true, toolResults: 'parts' })).toMatchObject([
      { role: 'tool', content: [{ type: 'text', text: 'a', cache_control: ephemeral }] },
    ])
  })

  test('beyond four leave the first ones out, from the tools on', () => {
    const more: Partial<ChatRequest> = {
      ...marks,
      messages: [...(marks.messages ?? []), { role: 'user', content: 'd', cache: true }],
    }
    const body = JSON.stringify(sent(more, { cacheControl: true }))
    expect(body.match(/cache_control/g)).toHaveLength(4)
    expect(body).not.toContain('1h')
    expect(dropped(more, { cacheControl: true })).toEqual(['cache'])
  })

  test('are named where the endpoint has none, or keeps its cache by itself', () => {
    expect(JSON.stringify(sent(marks))).not.toContain('cache_control')
    expect(dropped(marks)).toEqual(['cache'])
  })
})

describe('thoughts in the order of a turn', () => {
  const turn: Message = {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'one ' },
      { type: 'reasoning', text: 'two' },
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: 'three' },
      { type: 'text', text: 'b' },
      { type: 'tool-call', id: '1', name: 'f', input: '{}' },
    ],
    origin: { provider: 'acme', model: 'gpt-4-latest' },
  }

  test('keep it where they are parts', () => {
    const thinking = (text: string): object => ({ type: 'thinking', thinking: [{ type: 'text', text }] })
    expect(messagesOf([turn], { thoughts: { origin: 'acme', as: 'thinking' } })).toMatchObject([
      {
        content: [thinking('one two'), { type: 'text', text: 'a' }, thinking('three'), { type: 'text', text: 'b' }],
        tool_calls: [{ id: '1' }],
      },
    ])
  })

  test.each<[string, ChatQuirks, Message]>([
    ['provider', { thoughts: { origin: 'other', as: 'reasoning' } }, turn],
    ['model', { thoughts: { origin: 'acme', as: 'reasoning' } }, { ...turn, origin: { provider: 'acme', model: 'x' } }],
    ['model, where none are taken', {}, { ...turn, origin: { provider: 'acme', model: 'x' } }],
  ])('of another %s are left out and named, and never sent as text', (_what, quirks, message) => {
    expect(messagesOf([message], quirks)).toMatchObject([{ content: 'ab' }])
    expect(JSON.stringify(messagesOf([message], quirks))).not.toContain('two')
    expect(dropped({ messages: [message] }, quirks)).toEqual(['reasoning of another model'])
  })

  test('of the same model are not missed where the endpoint takes none, unless they could be continued', () => {
    expect(dropped({ messages: [turn] })).toEqual([])
    for (const proof of [{ signature: 's' }, { sealed: 's' }]) {
      const signed: Message = { ...turn, content: [{ type: 'reasoning', text: '', ...proof }] }
      expect(dropped({ messages: [signed] })).toEqual(['reasoning with a signature'])
    }
  })
})

describe('content without parts', () => {
  const foreign = { type: 'native', dialect: 'gemini', value: {} } as const

  test.each<[string, Message]>([
    ['a turn of the user', { role: 'user', content: [] }],
    ['a turn of which nothing is left', { role: 'user', content: [foreign] }],
    ['the result of a tool', { role: 'tool', toolCallId: '1', content: [] }],
  ])('%s is sent as an empty text, because endpoints refuse an empty list', (_, message) => {
    expect(messagesOf([message], { toolResults: 'parts' })).toMatchObject([{ content: '' }])
  })

  test('loses its mark for the cache, which is named', () => {
    const messages: Message[] = [{ role: 'user', content: '', cache: true }]
    for (const cacheControl of [true, false]) expect(dropped({ messages }, { cacheControl })).toEqual(['cache'])
  })
})

describe('an endpoint whose messages are texts', () => {
  const quirks: ChatQuirks = { content: 'text' }

  test('gets the texts of a turn as one, and nothing that another endpoint has given', () => {
    const cited = { type: 'native', dialect: 'openai-chat', value: { annotations: [] } } as const
    const messages: Message[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'c' }, cited] },
    ]
    expect(messagesOf(messages, quirks)).toEqual([
      { role: 'user', content: 'ab' },
      { role: 'assistant', content: 'c' },
    ])
    expect(dropped({ messages }, quirks)).toEqual(['native parts of openai-chat'])
  })
})

test('more stop strings than an endpoint takes are never sent', () => {
  expect(sent({ stop: ['a', 'b'] }, { maxStops: 2 })).toMatchObject({ stop: ['a', 'b'] })
  expect(() => sent({ stop: ['a', 'b', 'c'] }, { maxStops: 2 })).toThrow(unsupported)
})
