import type { AssistantPart, ChatRequest, Message, Tool } from '@rivulet/core'
import { adaptSchema, OPENAI_STRICT } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { responses, type ResponsesOptions } from '../../../src/index.ts'
import { hello } from './events.ts'

type Wire = Record<string, unknown>

const dialect = 'openai-responses'
const opened = (request: Partial<ChatRequest>, options: ResponsesOptions = { origin: 'openai' }) => {
  const { http, dropped } = responses(options).open({ ...hello, ...request })
  return { body: JSON.parse(JSON.stringify(http.body)) as Wire, dropped }
}
const inputOf = (messages: Message[], options?: ResponsesOptions) => opened({ messages }, options).body.input
const turn = (...content: AssistantPart[]): Message => ({ role: 'assistant', content })
const text = (words: string): AssistantPart => ({ type: 'text', text: words })
const native = (value: Wire): AssistantPart => ({ type: 'native', dialect, value })
const call = (id: string, name = 'f'): AssistantPart => ({ type: 'tool-call', id, name, input: '{}' })
const thought = (sealed: string): AssistantPart => ({ type: 'reasoning', text: '', id: 'rs', sealed })
const called = (id: string, fields: Wire = { name: 'f' }): Wire => ({
  type: 'function_call',
  call_id: id,
  ...fields,
  arguments: '{}',
})
const citation = { type: 'url_citation', url: 'https://a.example', start_index: 0, end_index: 1 }

describe('a turn', () => {
  test.each<[string, AssistantPart[], Wire[]]>([
    [
      'keeps its order',
      [thought('a'), text('Hi'), call('1'), thought('b'), call('2')],
      [
        { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'a' },
        { role: 'assistant', content: 'Hi' },
        called('1'),
        { type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'b' },
        called('2'),
      ],
    ],
    [
      'has one message for texts that follow each other',
      [text('a'), text('b')],
      [{ role: 'assistant', content: 'ab' }],
    ],
    ['without words is not sent beside calls', [text(' \n'), call('1')], [called('1')]],
    ['that only says nothing is sent', [text('')], [{ role: 'assistant', content: '' }]],
    ['without parts is sent', [], [{ role: 'assistant', content: '' }]],
    ['with nothing but reasoning that has no seal is not sent', [{ type: 'reasoning', text: 'hm' }], []],
    [
      'keeps citations with their text',
      [text('a'), native(citation), text('b'), native(citation)],
      [{ role: 'assistant', content: [{ type: 'output_text', text: 'ab', annotations: [citation, citation] }] }],
    ],
    [
      'keeps the phase of each message',
      [
        native({ type: 'message', phase: 'commentary' }),
        text('a'),
        native({ type: 'message', phase: 'final_answer' }),
        text('b'),
      ],
      [
        { role: 'assistant', content: 'a', phase: 'commentary' },
        { role: 'assistant', content: 'b', phase: 'final_answer' },
      ],
    ],
    [
      'keeps items of its own as they are',
      [
        native({ type: 'web_search_call', id: 'ws', status: 'completed' }),
        text('a'),
        native({ type: 'compaction', encrypted_content: 'c' }),
      ],
      [
        { type: 'web_search_call', id: 'ws', status: 'completed' },
        { role: 'assistant', content: 'a' },
        { type: 'compaction', encrypted_content: 'c' },
      ],
    ],
  ])('%s', (_what, parts, items) => {
    expect(inputOf([turn(...parts)])).toEqual(items)
  })

  test('keeps an item between the parts of a message of the user', () => {
    const output = { type: 'computer_call_output', call_id: '1', output: {} }
    const content = [
      { type: 'text', text: 'a' } as const,
      { type: 'native', dialect, value: output } as const,
      { type: 'native', dialect, value: { type: 'input_file', file_id: 'file' } } as const,
    ]
    expect(inputOf([{ role: 'user', content }])).toEqual([
      { role: 'user', content: [{ type: 'input_text', text: 'a' }] },
      output,
      { role: 'user', content: [{ type: 'input_file', file_id: 'file' }] },
    ])
  })
})

describe('the result of a call', () => {
  test('may have images and files', () => {
    const content = [
      { type: 'text', text: 'see' } as const,
      { type: 'image', url: 'data:image/png;base64,AA==' } as const,
      { type: 'file', url: 'https://a.example/a.pdf' } as const,
    ]
    expect(inputOf([turn(call('1')), { role: 'tool', toolCallId: '1', content }])).toEqual([
      called('1'),
      {
        type: 'function_call_output',
        call_id: '1',
        output: [
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'auto' },
          { type: 'input_file', file_url: 'https://a.example/a.pdf' },
        ],
      },
    ])
  })

  test('has the type of its call', () => {
    const patch: AssistantPart = { type: 'tool-call', id: '1', name: 'patch', input: '*** "Begin"', format: 'text' }
    const results: Message[] = ['1', '2'].map((id) => ({ role: 'tool', toolCallId: id, content: 'ok' }))
    expect(inputOf([turn(patch, call('2')), ...results])).toEqual([
      { type: 'custom_tool_call', call_id: '1', name: 'patch', input: '*** "Begin"' },
      called('2'),
      { type: 'custom_tool_call_output', call_id: '1', output: 'ok' },
      { type: 'function_call_output', call_id: '2', output: 'ok' },
    ])
  })
})

describe('tools', () => {
  const toolsOf = (...tools: Tool[]) => opened({ tools }).body.tools

  test('are functions, texts with or without a grammar, and the dialect’s own', () => {
    const grammar = { syntax: 'lark', definition: 'start: "a"' } as const
    const parameters = { type: 'object', properties: {} }
    expect(
      toolsOf(
        { name: 'f' },
        { name: 'g', strict: true },
        { type: 'text', name: 'patch', description: 'd', grammar },
        { type: 'text', name: 'any' },
        { type: 'native', dialect, value: { type: 'web_search' } },
      ),
    ).toEqual([
      { type: 'function', name: 'f', parameters, strict: false },
      { type: 'function', name: 'g', parameters, strict: true },
      { type: 'custom', name: 'patch', description: 'd', format: { type: 'grammar', ...grammar } },
      { type: 'custom', name: 'any' },
      { type: 'web_search' },
    ])
  })

  test('of another dialect are unsupported', () => {
    const tool: Tool = { type: 'native', dialect: 'gemini', value: { googleSearch: {} } }
    expect(() => toolsOf(tool)).toThrow('this endpoint has no tools of gemini')
  })

  test('are chosen by the words of their type', () => {
    const tools: Tool[] = [{ name: 'f' }, { type: 'text', name: 'patch' }]
    expect(opened({ tools, toolChoice: { name: 'patch' } }).body.tool_choice).toEqual({ type: 'custom', name: 'patch' })
    expect(opened({ tools, toolChoice: { name: 'f' } }).body.tool_choice).toEqual({ type: 'function', name: 'f' })
  })

  test('in a namespace have it in a name of their own, and get it back', () => {
    const value = { type: 'namespace', name: 'mail', tools: [{ type: 'function', name: 'send' }] }
    const tools: Tool[] = [{ type: 'native', dialect, value }]
    const { body } = opened({ tools, toolChoice: { name: 'mail__send' }, messages: [turn(call('1', 'mail__send'))] })
    expect(body.tools).toEqual([value])
    expect(body.tool_choice).toEqual({ type: 'function', name: 'send' })
    expect(body.input).toEqual([called('1', { name: 'send', namespace: 'mail' })])
  })

  test('are called one at a time on request; without tools nothing is said about it', () => {
    expect(opened({ parallelToolCalls: false }).body).not.toHaveProperty('parallel_tool_calls')
    expect(opened({ parallelToolCalls: false, tools: [{ name: 'f' }] }).body.parallel_tool_calls).toBe(false)
  })
})

describe('what is left out is named', () => {
  test.each<[string, Partial<ChatRequest>, string[]]>([
    ['nothing', {}, []],
    [
      'marks for the cache',
      {
        messages: [
          { role: 'system', content: 'a', cache: true },
          { role: 'user', content: [{ type: 'text', text: 'a', cache: '1h' }] },
        ],
        tools: [{ name: 'f', cache: '5m' }],
      },
      ['cache'],
    ],
    [
      'parts of another dialect',
      { messages: [turn(text('a'), { type: 'native', dialect: 'gemini', value: {} })] },
      ['native parts of gemini'],
    ],
    [
      'reasoning that the endpoint can’t continue from',
      { messages: [turn({ type: 'reasoning', text: 'hm' }, text('a'))] },
      ['reasoning without a signature'],
    ],
    [
      'reasoning of another model',
      {
        messages: [
          { role: 'assistant', content: [thought('a'), text('a')], origin: { provider: 'openai', model: 'gpt-5' } },
        ],
      },
      ['reasoning of another model'],
    ],
    [
      'fields that came from a client of another dialect',
      { native: { dialect: 'openai-chat', text: '{}', body: {}, headers: {}, unnamed: ['logit_bias', 'user'] } },
      ['logit_bias', 'user'],
    ],
  ])('%s', (_what, request, names) => {
    expect(opened(request).dropped).toEqual(names)
  })

  test('reasoning goes back to the model that it is of, under the name of its release too', () => {
    const message: Message = {
      role: 'assistant',
      content: [thought('a'), text('a')],
      origin: { provider: 'openai', model: 'gpt-6-2026-01-01' },
    }
    expect(inputOf([message])).toHaveLength(2)
    expect(inputOf([message], { origin: 'azure' })).toHaveLength(1)
    expect(inputOf([message], {})).toHaveLength(1)
  })

  test.each([
    ['max', ['none', 'low', 'high', 'xhigh'], 'xhigh'],
    ['xhigh', ['low', 'medium', 'high'], 'high'],
    ['minimal', ['none', 'low'], 'low'],
    ['none', ['low', 'medium'], 'low'],
    ['high', ['low', 'high'], 'high'],
  ] as const)('effort %s of %j is sent as %s', (reasoning, known, sent) => {
    const { body, dropped } = opened({ reasoning }, { efforts: () => known })
    expect(body.reasoning).toEqual({ effort: sent })
    expect(dropped).toEqual(reasoning === sent ? [] : [`reasoning: '${reasoning}' sent as '${sent}'`])
  })

  test('effort is sent as it is to a model that is not known', () => {
    expect(opened({ reasoning: 'max' }, { efforts: () => undefined }).body.reasoning).toEqual({ effort: 'max' })
  })
})

test('an id that comes again in a later turn, for a tool of another type, has the result of that type', () => {
  const result: Message = { role: 'tool', toolCallId: '1', content: 'ok' }
  const textCall: AssistantPart = { type: 'tool-call', id: '1', name: 'patch', input: 'a', format: 'text' }
  expect(inputOf([turn(textCall), result, turn(call('1')), result])).toMatchObject([
    { type: 'custom_tool_call' },
    { type: 'custom_tool_call_output' },
    { type: 'function_call' },
    { type: 'function_call_output' },
  ])
})

test('`false`, which callers without TypeScript may give, marks nothing for the cache', () => {
  const cache = false as unknown as true
  const { dropped } = opened({ messages: [{ role: 'user', content: 'Hello', cache }], tools: [{ name: 'f', cache }] })
  expect(dropped).toEqual([])
})

describe('an endpoint that holds answers to few keywords', () => {
  const options: ResponsesOptions = { strictSchema: (schema) => adaptSchema(schema, OPENAI_STRICT) }
  const open = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
  const closed = { ...open, additionalProperties: false }
  const long = { type: 'object', properties: { a: { type: 'string', maxLength: 3 } }, required: ['a'] }

  test('gets the schema of a strict answer as it takes it, and none that it does not hold an answer to', () => {
    const sent = (schema: Wire, strict = true) =>
      opened({ responseFormat: { name: 'x', schema, strict } }, options).body
    expect(sent(open).text).toMatchObject({ format: { schema: closed, strict: true } })
    expect(sent(long, false).text).toMatchObject({ format: { schema: long, strict: false } })
    expect(() => sent(long)).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error)
  })

  test('gets a strict tool so, or without strict, which is named', () => {
    const sent = (parameters: Wire) => {
      const { body, dropped } = opened({ tools: [{ name: 'f', parameters, strict: true }] }, options)
      return [body.tools, dropped]
    }
    expect(sent(open)).toMatchObject([[{ parameters: closed, strict: true }], []])
    expect(sent(long)).toMatchObject([[{ parameters: long, strict: false }], ['strict']])
  })
})
