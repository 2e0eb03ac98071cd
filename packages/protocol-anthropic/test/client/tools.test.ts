import type { Tool, UserPart } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { messages } from '../../src/index.ts'
import { block, call, done, end, finish, piece, read, sse, start, stop, tool } from '../support/decoding.ts'
import { bodyOf, hello, openedAs } from '../support/requests.ts'

const closed = { type: 'object', properties: { x: { type: 'number' } }, additionalProperties: false }
const open = { type: 'object', properties: { x: { type: 'number', minimum: 1 } } }

describe('a strict schema', () => {
  test('of a tool is sent closed, which the API requires', () => {
    const parameters = { type: 'object', properties: {} }
    expect(bodyOf({ tools: [{ name: 'f', parameters, strict: true }] }).tools).toEqual([
      { name: 'f', input_schema: { ...parameters, additionalProperties: false }, strict: true },
    ])
  })

  test('that the API does not hold a call or an answer to is unsupported', () => {
    const requests = [
      { tools: [{ name: 'f', parameters: open, strict: true }] },
      { responseFormat: { name: 'n', schema: open } },
      { responseFormat: { name: 'n', schema: open, strict: true } },
    ]
    for (const request of requests) {
      expect(() => openedAs(request)).toThrow(
        expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('minimum') as string }),
      )
    }
  })
})

test.each(['auto', false] as const)('strict: %s: what the API refuses of a schema is left out, and named', (strict) => {
  const { body, dropped } = openedAs({ responseFormat: { name: 'n', schema: open, strict } })
  expect(body.output_config).toEqual({ format: { type: 'json_schema', schema: closed } })
  expect(dropped).toEqual(['schema: minimum'])
})

test.each(['auto', false] as const)(
  'strict: %s: an object of names of its choice is not closed into an empty one',
  (strict) => {
    const schema = { type: 'object', additionalProperties: { type: 'number' } }
    expect(() => openedAs({ responseFormat: { name: 'n', schema, strict } })).toThrow(
      expect.objectContaining({ code: 'unsupported' }),
    )
  },
)

test('a schema of a tool that is not strict is sent as it is', () => {
  expect(bodyOf({ tools: [{ name: 'f', parameters: open }] }).tools).toEqual([{ name: 'f', input_schema: open }])
})

describe("a tool of a provider's own", () => {
  const value = { type: 'web_search_20260318', name: 'web_search', max_uses: 2 }

  test('is sent as it is', () => {
    expect(bodyOf({ tools: [{ type: 'native', dialect: 'anthropic-messages', value }] }).tools).toEqual([value])
  })

  test('of another dialect is unsupported, so that a group asks its next member', () => {
    const tools: Tool[] = [{ type: 'native', dialect: 'openai-responses', value }]
    expect(() => openedAs({ tools })).toThrow(expect.objectContaining({ code: 'unsupported' }))
  })
})

describe('calls one after the other', () => {
  const tools: Tool[] = [{ name: 'f' }]

  test.each([
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [
      { parallelToolCalls: true, toolChoice: 'required' },
      { type: 'any', disable_parallel_tool_use: false },
    ],
    [
      { parallelToolCalls: false, toolChoice: { name: 'f' } },
      { type: 'tool', name: 'f', disable_parallel_tool_use: true },
    ],
    [{ parallelToolCalls: false, toolChoice: 'none' }, { type: 'none' }],
  ] as const)('are asked for by the choice: %j', (request, expected) => {
    expect(bodyOf({ tools, ...request }).tool_choice).toEqual(expected)
  })

  test('are no matter without tools', () => {
    expect(bodyOf({ parallelToolCalls: false })).not.toHaveProperty('tool_choice')
  })
})

test('a model on which no tool can be forced is asked for no forced tool', () => {
  const models = [{ id: 'm', forcedTools: false }]
  const tools: Tool[] = [{ name: 'f' }]
  for (const toolChoice of ['required', { name: 'f' }] as const) {
    expect(() => openedAs({ tools, toolChoice }, { models })).toThrow(expect.objectContaining({ code: 'unsupported' }))
  }
  expect(bodyOf({ tools, toolChoice: 'auto' }, { models })).toMatchObject({ tool_choice: { type: 'auto' } })
})

describe('a tool whose input is a text', () => {
  const tools: Tool[] = [{ type: 'text', name: 'patch', grammar: { syntax: 'regex', definition: '.*' } }]

  test('is sent as a function of one string, and so are its calls', () => {
    const { body, dropped } = openedAs({
      tools,
      messages: [
        hello,
        { role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'patch', input: 'a\nb', format: 'text' }] },
        { role: 'tool', toolCallId: 't', content: 'ok' },
      ],
    })
    expect(body.tools).toMatchObject([{ name: 'patch', input_schema: { required: ['input'] } }])
    expect(JSON.stringify(body.messages)).toContain('"input":{"input":"a\\nb"}')
    expect(dropped).toEqual(["tool 'patch' sent as a function"])
  })

  test('is called with that text, piece by piece', () => {
    const opened = messages().open({ model: 'm', messages: [hello], tools })
    const sent = [block(0, tool('t1', {}, 'patch')), piece('{"input":"a\\'), piece('nb"}'), end(0)]
    const body = sse(start({}), ...sent, stop('tool_use', {}), done)
    expect(read(body, 'text/event-stream', (emit) => opened.decode(emit)).events.slice(1)).toEqual([
      { ...call('t1', 'patch'), format: 'text' },
      { type: 'tool-input', id: 't1', text: 'a' },
      { type: 'tool-input', id: 't1', text: '\nb' },
      finish('tool-calls'),
    ])
  })
})

describe('a result of a tool', () => {
  const resultOf = (content: string | readonly UserPart[]): unknown => {
    const calling = { role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'f', input: '{}' }] } as const
    const { messages: turns } = bodyOf({ messages: [hello, calling, { role: 'tool', toolCallId: 't', content }] })
    return (turns as { content: { content?: unknown }[] }[])[2]?.content[0]?.content
  }
  const image = { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' } as const

  test('has images, documents and blocks of the vendor', () => {
    const reference = { type: 'tool_reference', tool_name: 'g' }
    expect(
      resultOf([
        { type: 'text', text: 'See:' },
        image,
        { type: 'file', url: 'https://example.com/a.pdf' },
        { type: 'native', dialect: 'anthropic-messages', value: reference },
      ]),
    ).toEqual([
      { type: 'text', text: 'See:' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
      reference,
    ])
  })

  test('of one text is a string, and of blank texts is empty', () => {
    expect(resultOf([{ type: 'text', text: 'ok' }])).toBe('ok')
    expect(resultOf([{ type: 'text', text: ' ' }])).toBeUndefined()
  })
})
