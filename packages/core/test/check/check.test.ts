import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatRequest } from '../../src/chat.ts'
import type { ProviderOptions } from '../../src/http/http-provider.ts'
import { settings } from '../../src/check/settings.ts'
import { observe } from '../../src/layers/observe.ts'
import { retry } from '../../src/layers/retry.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { acme, eventsOf, hello, info } from '../support/providers.ts'
import { END } from '../support/plain.ts'
import { serve } from '../support/servers.ts'

/** A server that answers every request, and records what was sent. */
const answering = () => serve((response) => response.end(END))

const circular: Record<string, unknown> = { inner: {} }
circular.inner = { back: circular }

/** An array whose first element is missing. */
function holed(last: unknown): unknown[] {
  const array: unknown[] = []
  array[1] = last
  return array
}

const helloWith = (fields: Record<string, unknown>): unknown => ({ ...hello, ...fields })
const withMessage = (message: unknown): unknown => helloWith({ messages: [{ role: 'user', content: 'a' }, message] })

/** Invalid requests, and the messages of their TypeErrors. */
const requests: [name: string, request: unknown, message: string][] = [
  ['null', null, 'Acme: the request must be an object with model and messages, got null.'],
  ['a string', 'Hello', 'Acme: the request must be an object with model and messages, got string.'],
  ['undefined', undefined, 'Acme: the request must be an object with model and messages, got undefined.'],
  ['no model', { messages: hello.messages }, "Acme: model is missing: pass one, as in { model: 'gpt-4' }."],
  ['an empty model', helloWith({ model: '' }), 'Acme: model must be a string that is not empty, got an empty string.'],
  ['no messages', { model: 'm1' }, "Acme: messages is missing: pass some, as in [{ role: 'user', content: 'Hello' }]."],
  ['empty messages', helloWith({ messages: [] }), 'Acme: messages is empty: pass at least one message.'],
  [
    'one message without an array',
    helloWith({ messages: hello.messages[0] }),
    'Acme: messages must be an array of messages, got an object.',
  ],
  [
    'a message that is a string',
    helloWith({ messages: ['Hello'] }),
    'Acme: messages[0] must be a message with role and content, got string.',
  ],
  [
    'an unknown role',
    withMessage({ role: 'bot', content: 'a' }),
    'Acme: messages[1].role must be one of system, user, assistant, tool, got "bot".',
  ],
  [
    'a part that is null',
    withMessage({ role: 'user', content: [null] }),
    'Acme: messages[1].content[0] must be a part, an object with a type, got null.',
  ],
  [
    'an image without its URL',
    withMessage({ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image' }] }),
    'Acme: messages[1].content[1].url must be a string, got undefined.',
  ],
  [
    'no role',
    withMessage({ content: 'a' }),
    'Acme: messages[1].role must be one of system, user, assistant, tool, got undefined.',
  ],
  [
    'content that is not text',
    withMessage({ role: 'user', content: 7 }),
    'Acme: messages[1].content must be a string or an array of parts, got 7.',
  ],
  [
    'parts in a system message',
    withMessage({ role: 'system', content: [] }),
    'Acme: messages[1].content must be a string, got an array.',
  ],
  [
    'a tool message without the id of its call',
    withMessage({ role: 'tool', content: 'a' }),
    'Acme: messages[1].toolCallId must be the id of the call it answers, got undefined.',
  ],
  [
    'a misspelt field',
    helloWith({ temprature: 1 }),
    'Acme: unknown field "temprature". Did you mean "temperature"? Pass provider-specific body fields in extra.',
  ],
  [
    'a field of the wire format',
    helloWith({ max_tokens: 1 }),
    'Acme: unknown field "max_tokens". Did you mean "maxTokens"? Pass provider-specific body fields in extra.',
  ],
  ['a number as a string', helloWith({ temperature: '1' }), 'Acme: temperature must be a finite number, got string.'],
  ['NaN', helloWith({ temperature: Number.NaN }), 'Acme: temperature must be a finite number, got NaN.'],
  ['a fraction of a token', helloWith({ maxTokens: 0.5 }), 'Acme: maxTokens must be a whole number above 0, got 0.5.'],
  ['no tokens', helloWith({ maxTokens: 0 }), 'Acme: maxTokens must be a whole number above 0, got 0.'],
  ['a stream that is not a boolean', helloWith({ stream: 'no' }), 'Acme: stream must be of type boolean, got string.'],
  [
    'a hole among the messages',
    helloWith({ messages: holed(hello.messages[0]) }),
    'Acme: messages[0] must be a message',
  ],
  ['a hole among the stops', helloWith({ stop: holed('a') }), 'Acme: stop must be of type string[], got an array.'],
  [
    'a hole among the parts',
    withMessage({ role: 'user', content: holed({ type: 'text', text: 'a' }) }),
    'content[0] must',
  ],
  ...['tool_calls', 'toolCalls'].map((name): [string, unknown, string] => [
    `calls beside the content, as ${name}`,
    withMessage({ role: 'assistant', content: 'a', [name]: [] }),
    `Acme: messages[1]: "${name}" is not a field: give parts of the content, as { type: 'tool-call', id, name, input }.`,
  ]),
  [
    'thoughts beside the content',
    withMessage({ role: 'assistant', content: 'a', thoughts: [{ text: 'hm' }] }),
    `Acme: messages[1]: "thoughts" is not a field: give parts of the content, as { type: 'reasoning', text }.`,
  ],
  [
    'the id of a call under another name',
    withMessage({ role: 'tool', content: 'a', tool_call_id: '1' }),
    'Acme: messages[1]: unknown field "tool_call_id". Did you mean "toolCallId"?',
  ],
  [
    'a hole among the parts of a turn',
    withMessage({ role: 'assistant', content: holed({ type: 'tool-call', id: '1', name: 'f', input: '{}' }) }),
    'Acme: messages[1].content[0] must be a part, an object with a type, got undefined.',
  ],
  [
    'a part that a model can’t write',
    withMessage({ role: 'assistant', content: [{ type: 'image', url: 'https://a.example/a.png' }] }),
    'Acme: messages[1].content[0].type must be one of text, reasoning, tool-call, native, got "image".',
  ],
  [
    'a part that a user can’t write',
    withMessage({ role: 'user', content: [{ type: 'reasoning', text: 'hm' }] }),
    'Acme: messages[1].content[0].type must be one of text, image, file, native, got "reasoning".',
  ],
  [
    'a call with arguments that are not text',
    withMessage({ role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: {} }] }),
    'Acme: messages[1].content[0].input must be a string, got an object.',
  ],
  [
    'a misspelt field of a call',
    withMessage({ role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', inputs: '{}' }] }),
    'Acme: messages[1].content[0]: unknown field "inputs". Did you mean "input"?',
  ],
  [
    'a call in another format',
    withMessage({ role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: '', format: 'xml' }] }),
    "Acme: messages[1].content[0].format must be 'json' or 'text', got string.",
  ],
  [
    'reasoning without text',
    withMessage({ role: 'assistant', content: [{ type: 'reasoning', sealed: 'x' }] }),
    'Acme: messages[1].content[0].text must be a string, got undefined.',
  ],
  [
    'a native part without its value',
    withMessage({ role: 'assistant', content: [{ type: 'native', dialect: 'gemini' }] }),
    'Acme: messages[1].content[0].value must be an object, got undefined.',
  ],
  [
    'an origin that does not name the model',
    withMessage({ role: 'assistant', content: 'a', origin: 'acme' }),
    'Acme: messages[1].origin must be { provider, model }, got string.',
  ],
  [
    'a mark for the cache with another time',
    withMessage({ role: 'user', content: 'a', cache: '2h' }),
    "Acme: messages[1].cache must be true, '5m' or '1h', got string.",
  ],
  [
    'such a mark on a part',
    withMessage({ role: 'tool', toolCallId: '1', content: [{ type: 'text', text: 'a', cache: 1 }] }),
    "Acme: messages[1].content[0].cache must be true, '5m' or '1h', got 1.",
  ],
  [
    'a tool of a type that does not exist',
    helloWith({ tools: [{ type: 'web_search', name: 'search' }] }),
    "Acme: tools[0].type must be one of function, text, native: a provider's own tool is { type: 'native', dialect, value }.",
  ],
  [
    'a grammar without its syntax',
    helloWith({ tools: [{ type: 'text', name: 'f', grammar: { definition: 'a' } }] }),
    "Acme: tools[0].grammar must be { syntax: 'lark' or 'regex', definition }, got an object.",
  ],
  [
    'fields of the body without the provider that they are for',
    helloWith({ extra: { service_tier: 'flex' } }),
    'Acme: extra has fields by provider or dialect, and "service_tier" is none of them. Known: plain, acme, openai-chat, openai-responses, anthropic-messages, gemini; as in { extra: { plain: { … } } }.',
  ],
  [
    'fields of the body for a misspelt provider',
    helloWith({ extra: { acmee: {} } }),
    'Acme: extra has fields by provider or dialect, and "acmee" is none of them. Did you mean "acme"?',
  ],
  [
    'fields of the body that are not an object',
    helloWith({ extra: { acme: 1 } }),
    'Acme: extra["acme"] must be an object of body fields, got 1.',
  ],
  ['tools without names', helloWith({ tools: [{}] }), 'Acme: tools[0].name must be a string that is not empty, got'],
  ['a hole among the tools', helloWith({ tools: holed({ name: 'f' }) }), 'Acme: tools[0] must be a tool with name,'],
  [
    'parameters under another name',
    helloWith({ tools: [{ name: 'f', inputSchema: {} }] }),
    'Acme: tools[0]: unknown field "inputSchema". Did you mean "parameters"? Fields: type, name, description, parameters, strict, cache.',
  ],
  [
    'a misspelt field of a tool',
    helloWith({ tools: [{ name: 'f', paramters: {} }] }),
    'Acme: tools[0]: unknown field "paramters". Did you mean "parameters"?',
  ],
  [
    'a tool of the wire format',
    helloWith({ tools: [{ type: 'function', function: { name: 'f' } }] }),
    'Acme: tools[0]: name, description and parameters are fields of the tool: pass what "function" holds.',
  ],
  [
    'parameters that are not a schema',
    helloWith({ tools: [{ name: 'f', parameters: 'x' }] }),
    'Acme: tools[0].parameters must be a JSON Schema, an object, got string.',
  ],
  [
    'a description that is not text',
    helloWith({ tools: [{ name: 'f', description: 7 }] }),
    'Acme: tools[0].description must be a string, got 7.',
  ],
  ['extra that is not an object', helloWith({ extra: [] }), 'Acme: extra must be an object, got an array.'],
  [
    'a field that the provider does not support',
    helloWith({ seed: 1 }),
    'Acme does not support "seed". It supports: model, messages, stream, temperature, maxTokens, tools. Leave it out, or set unsupported: \'drop\'.',
  ],
  [
    'a circle',
    helloWith({ extra: { acme: circular } }),
    "Acme: extra.plain.inner.back.inner can't be written as JSON (circular, or a BigInt).",
  ],
  [
    'a BigInt',
    helloWith({ tools: [{ name: 'f', parameters: { n: 1n } }] }),
    "Acme: tools[0].parameters.n can't be written as JSON (circular, or a BigInt).",
  ],
]

test.each(requests)(
  'an invalid request is refused at the call, and nothing is sent: %s',
  async (_name, request, message) => {
    const server = await answering()
    expect(() => acme(server.url).stream(request as ChatRequest)).toThrow(TypeError)
    expect(() => acme(server.url).stream(request as ChatRequest)).toThrow(message)
    await eventsOf(acme(server.url).stream(hello))
    expect(server.requests).toHaveLength(1)
  },
)

/** Invalid call options, and the messages of their TypeErrors. */
const calls: [name: string, call: unknown, message: string][] = [
  [
    'a misspelt option',
    { sginal: undefined },
    'Acme: stream(): unknown option "sginal". Did you mean "signal"? Options: ',
  ],
  ['a signal that is not one', { signal: 'soon' }, 'Acme: signal must be an AbortSignal, got string.'],
  [
    'a controller instead of its signal',
    { signal: new AbortController() },
    'Acme: signal must be an AbortSignal, got an object.',
  ],
  ['options that are a string', 'fast', 'Acme: stream(): options must be an object, got string.'],
  ['headers in an array', { headers: [] }, 'Acme: headers must be an object of strings, got an array.'],
  ['a header that is a number', { headers: { 'x-n': 7 } }, 'Acme: headers: "x-n" must be a string, got 7.'],
  [
    'a header with a line break',
    { headers: { 'x-a': 'secret\r\nx-b: 1' } },
    'Acme: headers: the value of "x-a" has a line break or a character no header can carry.',
  ],
  [
    'a header with a character outside latin1',
    { headers: { 'x-a': '漢' } },
    'Acme: headers: the value of "x-a" has a line break or a character no header can carry.',
  ],
  ['a header without a name', { headers: { '': 'a' } }, 'Acme: headers: "" is not a header name.'],
  ['a header name with a line break', { headers: { 'x-a: 1\r\nx-b': 'a' } }, 'is not a header name.'],
  [
    'the host',
    { headers: { Host: 'elsewhere' } },
    'Acme: headers: "Host" belongs to the connection and can\'t be set.',
  ],
  [
    'a header of the connection',
    { headers: { 'Keep-Alive': 'timeout=5' } },
    'Acme: headers: "Keep-Alive" belongs to the connection and can\'t be set.',
  ],
  ['a header of the next hop', { headers: { TE: 'trailers' } }, 'Acme: headers: "TE" belongs to the connection'],
  [
    'a credential for a proxy',
    { headers: { 'proxy-authorization': 'Basic eA==' } },
    'Acme: headers: "proxy-authorization" belongs to the connection',
  ],
  [
    'the length',
    { headers: { 'content-length': '0' } },
    'Acme: headers: "content-length" belongs to the connection and can\'t be set.',
  ],
]

test.each(calls)('an invalid option is refused at the call, and nothing is sent: %s', async (_name, call, message) => {
  const server = await answering()
  expect(() => acme(server.url).stream(hello, call as object)).toThrow(TypeError)
  expect(() => acme(server.url).stream(hello, call as object)).toThrow(message)
  await eventsOf(acme(server.url).stream(hello))
  expect(server.requests).toHaveLength(1)
})

/** Invalid provider options, and the messages of their TypeErrors. */
const options: [name: string, options: unknown, message: string][] = [
  [
    'a misspelt option',
    { baseURL: 'http://a' },
    'acme: unknown option "baseURL". Did you mean "baseUrl"? Options: baseUrl, headers, transport, deadlines, unsupported.',
  ],
  ['null', null, 'acme: options must be an object, got null.'],
  [
    'a transport that is not a function',
    { transport: {} },
    'acme: transport must be a function, as fetchTransport() returns, got an object.',
  ],
  [
    'an unknown value of unsupported',
    { unsupported: 'ignore' },
    "acme: unsupported must be 'reject' or 'drop', got string.",
  ],
  [
    'a clock that is none',
    { deadlines: { clock: {} } },
    'deadlines: clock must be an object with now() and after(), got',
  ],
  ['an unknown deadline', { deadlines: { totalSeconds: 1 } }, 'deadlines: unknown option "totalSeconds".'],
  [
    'a deadline of 0 ms',
    { deadlines: { totalMs: 0 } },
    'deadlines: totalMs must be a number of milliseconds above 0, got 0.',
  ],
  [
    'a header with a line break',
    { headers: { a: 'x\ny' } },
    'acme: headers: the value of "a" has a line break or a character no header can carry.',
  ],
]

test.each(options)('a provider refuses %s', (_name, given, message) => {
  expect(() => acme('http://127.0.0.1:1', given as ProviderOptions)).toThrow(TypeError)
  expect(() => acme('http://127.0.0.1:1', given as ProviderOptions)).toThrow(message)
})

test.each([
  ['127.0.0.1:80', 'acme: baseUrl has no scheme: write "http://127.0.0.1:80".'],
  ['localhost:4411', 'acme: baseUrl has no scheme: write "http://localhost:4411".'],
  ['localhost/v1', 'acme: baseUrl has no scheme: write "http://localhost/v1".'],
  ['[::1]:4411/openai/v1beta1/', 'acme: baseUrl has no scheme: write "http://[::1]:4411/openai/v1beta1/".'],
  ['ollama:11434', 'acme: baseUrl has no scheme: write "http://ollama:11434".'],
  ['192.168.1.5:8000/v1/', 'acme: baseUrl has no scheme: write "http://192.168.1.5:8000/v1/".'],
  ['api.example.com:443/v1', 'acme: baseUrl must be http: or https:, got api.example.com:'],
  ['me:secret@127.0.0.1:80', 'acme: baseUrl must be http: or https:, got me:'],
  ['localhost:4411/?key=secret', 'acme: baseUrl must be http: or https:, got localhost:'],
  ['secret-abc.def.ghi', 'acme: baseUrl is not a URL'],
  ['api.example.com/v1', 'acme: baseUrl is not a URL'],
  ['', 'acme: baseUrl is not a URL'],
  ['file:///etc', 'acme: baseUrl must be http: or https:, got file:'],
  ['http://me:secret@127.0.0.1', 'acme: baseUrl must not carry a user name or password'],
  ['http://127.0.0.1/?key=secret', 'acme: baseUrl must not carry a query or fragment'],
  ['http://127.0.0.1/#a', 'acme: baseUrl must not carry a query or fragment'],
])('"%s" is not a base URL, and its secret is not shown', (baseUrl, message) => {
  expect(() => acme(baseUrl)).toThrow(TypeError)
  expect(() => acme(baseUrl)).toThrow(message)
  expect(() => acme(baseUrl)).not.toThrow(/secret/)
})

test('a slash at the end of a base URL is tolerated, and its path is kept', async () => {
  const server = await answering()
  for (const suffix of ['', '/', '//', '/v1', '/v1/']) await eventsOf(acme(server.url + suffix).stream(hello))
  expect(server.requests.map(({ path }) => path)).toEqual(['/chat', '/chat', '/chat', '/v1/chat', '/v1/chat'])
})

test('unsupported: drop leaves out the unsupported fields and names them, and nothing else', async () => {
  const server = await answering()
  const request: ChatRequest = { ...hello, seed: 1, maxTokens: 5, extra: { acme: { own: true } } }
  const [start] = await eventsOf(acme(server.url, { unsupported: 'drop' }).stream(request))
  const sent = { ...hello, maxTokens: 5, extra: { plain: { own: true } } }
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(sent)
  expect(start).toMatchObject({ type: 'start', dropped: ['seed'] })
})

describe('a choice of a tool that there is not', () => {
  const all = { info: { ...info, settings: settings({ tools: undefined, toolChoice: undefined }) } }
  const provider = acme('http://127.0.0.1', {}, all)
  const tools = [{ name: 'weather' }]

  test.each<[ChatRequest['toolChoice'], ChatRequest['tools'], string]>([
    [{ name: 'wether' }, tools, 'is none of the tools. Did you mean "weather"? Tools: weather.'],
    [{ name: 'weather' }, [], 'there are none'],
    ['required', undefined, 'there are none'],
  ])('is refused: %j of %j', (toolChoice, given, message) => {
    expect(() => provider.stream({ ...hello, toolChoice, tools: given })).toThrow(message)
  })

  test.each<Partial<ChatRequest>>([
    { toolChoice: 'auto' },
    { toolChoice: 'none', tools: [] },
    { toolChoice: { name: 'weather' }, tools },
    { toolChoice: { name: 'search' }, tools: [{ type: 'native', dialect: 'plain', value: {} }] },
    { toolChoice: { name: 'search' }, extra: { acme: { tools: [] } } },
  ])('is not seen in %j', (fields) => {
    expect(() => provider.stream({ ...hello, ...fields })).not.toThrow()
  })
})

test.each<Partial<ChatRequest>>([
  { tools: [{ name: 'f' }] },
  { toolChoice: 'required' },
  { toolChoice: { name: 'f' } },
  { responseFormat: 'json' },
])('unsupported: drop leaves out nothing that is part of what is asked: %j', (fields) => {
  const plain = { info: { ...info, settings: settings({}) } }
  const provider = acme('http://127.0.0.1', { unsupported: 'drop' }, plain)
  const [name = ''] = Object.keys(fields)
  expect(() => provider.stream({ ...hello, ...fields })).toThrow(`does not support "${name}"`)
})

test('unsupported: drop leaves out fields that ask for nothing', async () => {
  const server = await answering()
  const request: ChatRequest = { ...hello, tools: [], toolChoice: 'auto', responseFormat: 'text' }
  const plain = { info: { ...info, settings: settings({}) } }
  const [start] = await eventsOf(acme(server.url, { unsupported: 'drop' }, plain).stream(request))
  expect(start).toMatchObject({ dropped: ['tools', 'toolChoice', 'responseFormat'] })
})

test('a provider’s default is sent unless the caller sets the field', async () => {
  const server = await answering()
  const provider = acme(server.url, {}, { info: { ...info, settings: settings({ temperature: 0.7 }) } })
  for (const temperature of [undefined, 0.1]) {
    await eventsOf(provider.stream({ ...hello, ...(temperature !== undefined && { temperature }) }))
  }
  const sent = server.requests.map(({ body }) => (JSON.parse(body) as ChatRequest).temperature)
  expect(sent).toEqual([0.7, 0.1])
})

test('a header is sent once per name, and the caller’s takes precedence', async () => {
  const server = await answering()
  const provider = acme(
    server.url,
    { headers: { 'X-Own': 'option', 'X-Both': 'option', 'Content-Type': 'application/json; v=1' } },
    { headers: { 'x-wire': 'spec', 'x-own': 'spec' } },
  )
  await eventsOf(provider.stream(hello, { headers: { 'x-BOTH': 'call' } }))
  const { rawHeaders = [] } = server.requests[0] ?? {}
  const values = (name: string): string[] =>
    rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
  expect(values('x-wire')).toEqual(['spec'])
  expect(values('x-own')).toEqual(['option'])
  expect(values('x-both')).toEqual(['call'])
  expect(values('content-type')).toEqual(['application/json; v=1'])
})

test('a request is never changed, whatever it contains', async () => {
  const server = await answering()
  const provider = acme(
    server.url,
    { unsupported: 'drop' },
    { info: { ...info, settings: settings({ temperature: 0.7 }) } },
  )
  const request = fc.record({
    model: fc.constant('m1'),
    messages: fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string() }), {
      minLength: 1,
    }),
    extra: fc.record({ acme: fc.dictionary(fc.string(), fc.jsonValue()) }),
    seed: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(request, async (given) => {
      const before = JSON.stringify(given)
      await eventsOf(provider.stream(frozen(given), frozen({ headers: { 'x-a': 'b' } })))
      expect(JSON.stringify(given)).toBe(before)
    }),
    { numRuns: 30 },
  )
})

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}

test('fields of the caller’s own may be beside those of a message', async () => {
  const server = await answering()
  const own = { id: 'm-1', createdAt: '2026-11-20', name: 'Ada', tool_calls: undefined }
  await eventsOf(acme(server.url).stream({ ...hello, messages: hello.messages.map((each) => ({ ...each, ...own })) }))
  expect(server.requests).toHaveLength(1)
})

test.each<[string, () => unknown, string]>([
  [
    'a misspelt option of a transport',
    () => undiciTransport({ conections: 1 } as object),
    'unknown option "conections". Did you mean "connections"?',
  ],
  [
    'half a connection',
    () => undiciTransport({ connections: 0.5 }),
    'undiciTransport: connections must be a whole number above 0, got 0.5.',
  ],
  [
    'no time to keep a connection',
    () => undiciTransport({ keepAliveMs: 0 }),
    'undiciTransport: keepAliveMs must be a number above 0, got 0.',
  ],
  [
    'a version of HTTP',
    () => undiciTransport({ allowH2: 2 as unknown as boolean }),
    'undiciTransport: allowH2 must be a boolean, got 2.',
  ],
  [
    'a dispatcher that is none',
    () => undiciTransport({ dispatcher: {} as never }),
    'undiciTransport: dispatcher must be an object with dispatch(), got an object.',
  ],
  [
    'a clock without a timer',
    () => undiciTransport({ clock: { now: () => 0 } as never }),
    'undiciTransport: clock must be an object with now() and after()',
  ],
  [
    'a wait in words',
    () => retry({ backoffMs: 'x' as never }),
    'retry: backoffMs must be a number of milliseconds, got string.',
  ],
  [
    'a wait before now',
    () => retry({ maxBackoffMs: -1 }),
    'retry: maxBackoffMs must be a number of milliseconds, got -1.',
  ],
  [
    'a limit that is no number',
    () => retry({ totalMs: Number.NaN }),
    'retry: totalMs must be a number of milliseconds, got NaN.',
  ],
  ['a rule that is a number', () => retry({ retryWhen: 5 as never }), 'retry: retryWhen must be a function, got 5.'],
  ['a rule under another name', () => retry({ when: 5 } as object), 'retry: unknown option "when".'],
  [
    'a clock of retries that is none',
    () => retry({ clock: {} as never }),
    'retry: clock must be an object with now() and after()',
  ],
  ['a hook that is a name', () => observe({ onEnd: 'log' as never }), 'observe: onEnd must be a function, got string.'],
  [
    'a clock of observations that is none',
    () => observe({ clock: 7 as never }),
    'observe: clock must be an object with now() and after(), got 7.',
  ],
])('an option is refused where it is given: %s', (_what, make, message) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(message)
})
