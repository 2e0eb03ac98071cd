import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatRequest, ChatResult } from '../../src/chat.ts'
import { checkRequest } from '../../src/check/check-request.ts'
import { FIELDS, type SettingName } from '../../src/check/settings.ts'
import { ChatError } from '../../src/errors.ts'
import { toMessage } from '../../src/reading/collect.ts'
import { chatRequest } from '../../src/web/chat-request.ts'
import { pageRequest } from '../../src/web/page-request.ts'

const PNG = 'data:image/png;base64,iVBORw0KGgo='
const user = (content: unknown): object => ({ role: 'user', content })
const asking = (fields: object): object => ({ model: 'm1', messages: [user('Hello')], ...fields })
const saying = (...parts: object[]): object => asking({ messages: [user(parts)] })
const answered = (...parts: object[]): object =>
  asking({ messages: [{ role: 'assistant', content: parts }, user('Go on')] })

/** The refusal of a body. */
function refusal(body: unknown, options?: Parameters<typeof chatRequest>[1]): ChatError {
  try {
    chatRequest(body, options)
  } catch (error) {
    if (error instanceof ChatError && error.code === 'bad-request') return error
    throw error
  }
  throw new Error('it was taken')
}

const everything: ChatRequest = {
  model: 'm1',
  messages: [
    { role: 'system', content: 'Be brief.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', url: PNG },
        { type: 'image', url: 'https://pictures.example/a.png?b=c' },
        { type: 'file', url: 'data:application/pdf;base64,JVBERi0=', name: 'a.pdf' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm', signature: 's', id: 'r1' },
        { type: 'reasoning', text: '', sealed: 'x' },
        { type: 'text', text: 'Let me see.', signature: 's' },
        { type: 'tool-call', id: 'c1', name: 'look', input: '{}', signature: 's' },
        { type: 'tool-call', id: 'c2', name: 'patch', input: 'a', format: 'text' },
      ],
      origin: { provider: 'openai', model: 'm1-2026' },
    },
    { role: 'tool', toolCallId: 'c1', content: 'a tree', isError: false },
    {
      role: 'tool',
      toolCallId: 'c2',
      content: [
        { type: 'text', text: 'no' },
        { type: 'image', url: PNG },
      ],
      isError: true,
    },
  ],
  stream: true,
  temperature: 0.5,
  topP: 0.5,
  topK: 5,
  maxTokens: 100,
  stop: ['x'],
  seed: 1,
  presencePenalty: 1,
  frequencyPenalty: 1,
  tools: [
    { name: 'look', description: 'Looks.', parameters: { type: 'object', extra: { any: ['thing'] } }, strict: true },
    { type: 'function', name: 'see' },
    { type: 'text', name: 'patch', grammar: { syntax: 'regex', definition: '.*' } },
  ],
  toolChoice: { name: 'look' },
  parallelToolCalls: false,
  responseFormat: { name: 'a', schema: { type: 'object' }, strict: false },
  reasoning: 'high',
  session: 'chat-1',
}

describe('a body that is taken', () => {
  test('with everything that a page may set is the request, from its text or its document', () => {
    expect(chatRequest(JSON.stringify(everything))).toEqual(everything)
    expect(chatRequest(structuredClone(everything))).toEqual(everything)
  })

  test('is not changed', () => {
    const body = Object.freeze({ ...everything, messages: Object.freeze(everything.messages) })
    expect(chatRequest(body, { models: ['m1'] })).toEqual(everything)
  })

  test.each(['auto', 'none', 'required'] as const)('may choose a tool: %s', (toolChoice) => {
    expect(chatRequest({ ...everything, toolChoice })).toMatchObject({ toolChoice })
  })

  test('has the answers before it, as toMessage() gives them, with signatures and seals', () => {
    const content = [
      { type: 'reasoning', text: 'Hm', signature: 's', id: 'r' },
      { type: 'text', text: 'Hi' },
      { type: 'tool-call', id: 'c', name: 'f', input: '{}' },
    ] as const
    const result: ChatResult = {
      provider: 'p',
      model: 'm',
      content,
      text: 'Hi',
      toolCalls: [content[2]],
      reason: 'stop',
    }
    const body = asking({ messages: [user('a'), toMessage(result), { role: 'tool', toolCallId: 'c', content: '1' }] })
    expect(chatRequest(JSON.stringify(body))).toEqual(body)
  })

  test('names its model, or gets the server’s', () => {
    const body = { messages: [user('Hello')] }
    expect(chatRequest(body, { model: 'm2' }).model).toBe('m2')
    expect(chatRequest(asking({}), { model: 'm2' }).model).toBe('m1')
    expect(chatRequest(body, { models: ['m3', 'm1'] }).model).toBe('m3')
    expect(chatRequest(asking({}), { models: ['m3', 'm1'] }).model).toBe('m1')
    expect(chatRequest(body, { model: 'm2', models: ['m3'] }).model).toBe('m2')
  })
})

test('a body that is as large as may be is taken', () => {
  const name = 'm'.repeat(512)
  const times = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item)
  const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) })
  const bodies = [
    asking({ messages: times(10_000, user('a')) }),
    saying(...(times(1_000, { type: 'text', text: '' }) as object[])),
    asking({ tools: times(256, { name: 'a' }) }),
    asking({ stop: times(16, 'a') }),
    asking({ model: name, session: name, tools: [{ name }] }),
    saying({ type: 'image', url: 'https://a.example/'.padEnd(8_192, 'a') }),
    saying({ type: 'image', url: `data:image/png;base64,${'AAAA'.repeat(10_000)}` }),
    // The body, its tools, a tool, its parameters: the rest is the schema's.
    asking({ tools: [{ name: 'a', parameters: nested(96) }] }),
  ]
  for (const body of bodies) expect(chatRequest(body)).toEqual(body)
  expect(refusal(asking({ tools: [{ name: 'a', parameters: nested(97) }] })).message).toContain('nested deeper')
})

describe('a body that is refused, by the name of the field:', () => {
  test.each<[what: string, body: unknown, words: string]>([
    ['a text that is not JSON', '{"model":', 'the body is not JSON'],
    ['an array', [], 'the body must be an object with messages, got an array'],
    ['nothing', null, 'the body must be an object with messages, got null'],
    ['no model', { messages: [user('Hello')] }, 'the body: model is missing'],
    ['a model that is null', asking({ model: null }), 'the body: model must be'],
    ['no messages', { model: 'm1' }, 'the body: messages is missing'],
    ['messages without one', asking({ messages: [] }), 'the body: messages is empty'],
    ['extra', asking({ extra: { openai: { n: 5 } } }), 'the body: unknown field "extra"'],
    ['native', asking({ native: {} }), 'the body: unknown field "native"'],
    ['headers', asking({ headers: {} }), 'the body: unknown field "headers"'],
    ['a misspelt field', asking({ temprature: 1 }), 'unknown field "temprature". Did you mean "temperature"?'],
    ['__proto__', JSON.parse('{"__proto__":{},"model":"m1","messages":[]}'), 'unknown field "__proto__"'],
    ['a number as a text', asking({ temperature: '1' }), 'the body: temperature must be a finite number'],
    ['maxTokens below one', asking({ maxTokens: 0 }), 'the body: maxTokens must be'],
    ['a setting that is null', asking({ seed: null }), 'the body: seed must be a whole number'],
    ['session that is no text', asking({ session: 5 }), 'the body: session must be a string'],
    [
      'a role that there is not',
      asking({ messages: [{ role: 'root', content: '' }] }),
      'messages[0].role must be one of',
    ],
    ['a message that is none', asking({ messages: ['Hello'] }), 'the body: messages[0] must be a message'],
    ['a message’s own field', asking({ messages: [{ ...user('a'), date: 1 }] }), 'messages[0]: unknown field "date"'],
    [
      'a mark for the cache',
      asking({ messages: [{ ...user('a'), cache: true }] }),
      'messages[0]: unknown field "cache"',
    ],
    ['a mark in a part', saying({ type: 'text', text: 'a', cache: '1h' }), 'content[0]: unknown field "cache"'],
    ['a mark in a tool', asking({ tools: [{ name: 'a', cache: true }] }), 'tools[0]: unknown field "cache"'],
    ['origin of a user', asking({ messages: [{ ...user('a'), origin: {} }] }), 'unknown field "origin"'],
    [
      'origin with more',
      asking({ messages: [{ role: 'assistant', content: 'a', origin: { provider: 'a', model: 'b', key: 'c' } }] }),
      'origin: unknown field "key"',
    ],
    [
      'a native part',
      saying({ type: 'native', dialect: 'gemini', value: {} }),
      'content[0].type must be one of text, image',
    ],
    [
      'a native part of an answer',
      answered({ type: 'native', dialect: 'gemini', value: {} }),
      'content[0].type must be one of',
    ],
    [
      'a native tool',
      asking({ tools: [{ type: 'native', dialect: 'gemini', value: {} }] }),
      'tools[0].type must be one of',
    ],
    ['a tool that runs here', asking({ tools: [{ name: 'a', run: 'b' }] }), 'tools[0]: unknown field "run"'],
    [
      'a grammar with more',
      asking({ tools: [{ type: 'text', name: 'a', grammar: { a: 1 } }] }),
      'grammar: unknown field "a"',
    ],
    [
      'a choice with more',
      asking({ tools: [{ name: 'a' }], toolChoice: { name: 'a', b: 1 } }),
      'toolChoice: unknown field "b"',
    ],
    ['a choice of no tool', asking({ toolChoice: 'required' }), 'toolChoice is about tools'],
    [
      'a format with more',
      asking({ responseFormat: { name: 'a', schema: {}, b: 1 } }),
      'responseFormat: unknown field "b"',
    ],
    [
      'strict that is no boolean',
      asking({ responseFormat: { name: 'a', schema: {}, strict: 1 } }),
      'strict must be a boolean',
    ],
    [
      'a call of a user',
      saying({ type: 'tool-call', id: 'a', name: 'b', input: '' }),
      'content[0].type must be one of',
    ],
    ['a part without its text', saying({ type: 'text' }), 'content[0].text must be a string'],
    [
      'a signature that is no text',
      answered({ type: 'text', text: '', signature: 5 }),
      'content[0].signature must be a string',
    ],
    [
      'a seal that is no text',
      answered({ type: 'reasoning', text: '', sealed: {} }),
      'content[0].sealed must be a string',
    ],
    [
      'isError that is no boolean',
      asking({ messages: [{ role: 'tool', toolCallId: 'a', content: '', isError: 'no' }] }),
      'isError must be a boolean',
    ],
    [
      'an http: address',
      saying({ type: 'image', url: 'http://169.254.169.254/' }),
      'content[0].url must be an https: address or a data: URL',
    ],
    ['a file of the server', saying({ type: 'file', url: 'file:///etc/passwd' }), 'content[0].url must be'],
    ['an address that is none', saying({ type: 'image', url: 'https://' }), 'content[0].url must be'],
    ['a relative address', saying({ type: 'image', url: '/a.png' }), 'content[0].url must be'],
    [
      'data that are not base64',
      saying({ type: 'image', url: 'data:image/png;base64,a?' }),
      'content[0].url: the data of a data: URL',
    ],
    [
      'data without a comma',
      saying({ type: 'image', url: 'data:image/png' }),
      'content[0].url: a data: URL needs a comma',
    ],
  ])('%s', (_what, body, words) => {
    expect(refusal(body).message).toContain(words)
  })

  const many = (length: number, item: unknown): unknown[] => Array.from({ length }, () => item)
  let deep: unknown = {}
  for (let depth = 0; depth < 20_000; depth++) deep = { a: deep }
  test.each<[what: string, body: unknown, words: string]>([
    ['too many messages', asking({ messages: many(10_001, user('a')) }), 'messages has 10001 items: at most 10000'],
    ['too many parts', saying(...(many(1_001, { type: 'text', text: '' }) as object[])), 'content has 1001 items'],
    ['too many tools', asking({ tools: many(257, { name: 'a' }) }), 'tools has 257 items'],
    ['too many stops', asking({ stop: many(17, 'a') }), 'stop has 17 items'],
    ['a long name of a model', asking({ model: 'm'.repeat(513) }), 'model is longer than 512 characters'],
    ['a long session', asking({ session: 'm'.repeat(513) }), 'session is longer'],
    ['a long name of a tool', asking({ tools: [{ name: 'm'.repeat(513) }] }), 'tools[0].name is longer'],
    ['a long address', saying({ type: 'image', url: `https://a.example/${'a'.repeat(8_192)}` }), 'url must be'],
    ['a deep schema', asking({ tools: [{ name: 'a', parameters: deep }] }), 'nested deeper than 100 levels'],
    ['deep text', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'the body must be an object'],
  ])('%s', (_what, body, words) => {
    const { message } = refusal(body)
    expect(message).toContain(words)
    expect(message.length).toBeLessThan(500)
  })

  const long = 'm'.repeat(513)
  const turn = (fields: object): object => asking({ messages: [user('a'), fields] })
  test.each<[what: string, body: unknown, message: string]>([
    [
      'toolCallId',
      turn({ role: 'tool', toolCallId: 5, content: '' }),
      'messages[1].toolCallId must be a string, got 5.',
    ],
    [
      'a long id',
      turn({ role: 'tool', toolCallId: long, content: '' }),
      'messages[1].toolCallId is longer than 512 characters.',
    ],
    [
      'origin',
      turn({ role: 'assistant', content: '', origin: 'a' }),
      'messages[1].origin must be { provider, model }, got string.',
    ],
    [
      'its provider',
      turn({ role: 'assistant', content: '', origin: { provider: 5, model: 'a' } }),
      'messages[1].origin.provider must be a string, got 5.',
    ],
    [
      'its model',
      turn({ role: 'assistant', content: '', origin: { provider: 'a', model: long } }),
      'messages[1].origin.model is longer than 512 characters.',
    ],
    [
      'the id of a thought',
      answered({ type: 'reasoning', text: '', id: 5 }),
      'messages[0].content[0].id must be a string, got 5.',
    ],
    [
      'a long id of a call',
      answered({ type: 'tool-call', id: long, name: 'a', input: '' }),
      'messages[0].content[0].id is longer than 512 characters.',
    ],
    [
      'a name of a file',
      saying({ type: 'file', url: PNG, name: null }),
      'messages[0].content[0].name must be a string, got null.',
    ],
    [
      'a long name of a file',
      saying({ type: 'file', url: PNG, name: long }),
      'messages[0].content[0].name is longer than 512 characters.',
    ],
    ['a URL', saying({ type: 'image', url: 5 }), 'messages[0].content[0].url must be a string, got 5.'],
    [
      'a part of no type',
      saying({ text: 'a' }),
      'messages[0].content[0].type must be one of text, image, file, reasoning, tool-call, got undefined.',
    ],
    [
      'a tool of no type that there is',
      asking({ tools: [{ type: 'shell', name: 'a' }] }),
      'tools[0].type must be one of function, text, got "shell".',
    ],
    [
      'a type of every object',
      asking({ tools: [{ type: 'constructor', name: 'a' }] }),
      'tools[0].type must be one of function, text, got "constructor".',
    ],
    ['a name of a tool', asking({ tools: [{ name: 5 }] }), 'tools[0].name must be a string, got 5.'],
    [
      'a long name of a format',
      asking({ responseFormat: { name: long, schema: {} } }),
      'responseFormat.name is longer than 512 characters.',
    ],
  ])('with its place in the body: %s', (_what, body, message) => {
    expect(refusal(body).message).toBe(`the body: ${message}`)
  })

  test('a model that is not listed', () => {
    expect(refusal(asking({}), { models: ['m2', 'm3'] }).message).toBe('the body: model must be one of m2, m3')
  })
})

test.each<[object, RegExp]>([
  [{ modell: 'a' }, /Did you mean "model"/],
  [{ model: '' }, /model must be a name/],
  [{ models: [] }, /models must be an array of names/],
  [{ models: 'a' }, /models must be an array of names/],
  [{ models: [5] }, /models must be an array of names/],
])('an option that is wrong is a mistake of the server’s: %j', (options, words) => {
  expect(() => chatRequest(asking({}), options)).toThrow(TypeError)
  expect(() => chatRequest(asking({}), options)).toThrow(words)
})

describe('whatever comes', () => {
  const settings = (Object.keys(FIELDS) as SettingName[]).map((name) => ({ name, type: FIELDS[name].type }))
  /** Takes it, and then no provider refuses it; or refuses it with words. */
  const isRead = (body: unknown): void => {
    let request: ChatRequest
    try {
      request = chatRequest(body)
    } catch (error) {
      expect(error).toBeInstanceOf(ChatError)
      expect(error).toMatchObject({ code: 'bad-request' })
      return
    }
    checkRequest({ name: 'any', settings }, request, 'reject')
    // What a page would send of it is the same: the two agree on what a page may set.
    expect(JSON.parse(JSON.stringify(pageRequest(request).body))).toEqual(JSON.parse(JSON.stringify(request)))
  }

  test('any JSON is taken or refused', () => {
    fc.assert(fc.property(fc.jsonValue(), isRead))
    fc.assert(fc.property(fc.string(), isRead))
  })

  /** The paths of all values in a document. */
  function pathsIn(value: unknown): string[][] {
    if (typeof value !== 'object' || value === null) return [[]]
    return [[], ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner).map((path) => [name, ...path]))]
  }
  const paths = pathsIn(everything).filter((path) => path.length > 0)
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('text', 'native', 'assistant', 'user', 'tool', 'file', PNG, 'data:,', 'http://a', -1, 0.5, 1e999),
  )
  function changed(path: readonly string[], value: unknown): unknown {
    const body = structuredClone(everything) as unknown as Record<string, unknown>
    let at: Record<string, unknown> = body
    for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>
    at[path.at(-1) ?? ''] = value
    return body
  }

  test('a request with any value changed is taken or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        isRead(changed(path, value))
      }),
      { numRuns: 2_000 },
    )
  })

  test('a request with any field added is refused, wherever it is, except in a schema', () => {
    for (const path of paths) {
      const at = path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], everything)
      if (typeof at !== 'object' || Array.isArray(at)) continue
      if (path.includes('parameters') || path.includes('schema')) continue
      expect(refusal(changed([...path, 'xyzzy'], 1)).message).toContain('unknown field "xyzzy"')
    }
  })
})
