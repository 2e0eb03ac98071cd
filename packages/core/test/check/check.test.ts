import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ChatRequest } from '../../src/chat.ts'
import type { ProviderOptions } from '../../src/http/http-provider.ts'
import { settings } from '../../src/check/settings.ts'
import { acme, eventsOf, hello, info } from '../support/providers.ts'
import { END } from '../support/plain.ts'
import { serve } from '../support/servers.ts'

/** A server that answers; what it was asked is what was sent. */
const answering = () => serve((response) => response.end(END))

const circular: Record<string, unknown> = { inner: {} }
circular.inner = { back: circular }

const with_ = (fields: Record<string, unknown>): unknown => ({ ...hello, ...fields })
const saying = (message: unknown): unknown => with_({ messages: [{ role: 'user', content: 'a' }, message] })

/** A request that can't be meant, and what its TypeError says. */
const requests: [name: string, request: unknown, words: string | RegExp][] = [
  ['null', null, 'Acme: the request must be an object with model and messages, got null.'],
  ['words', 'Hello', 'Acme: the request must be an object with model and messages, got string.'],
  ['nothing', undefined, 'Acme: the request must be an object with model and messages, got undefined.'],
  ['no model', { messages: hello.messages }, "Acme: model is missing: name one, as in { model: 'gpt-4' }."],
  ['an empty model', with_({ model: '' }), 'Acme: model must be a string that is not empty, got string.'],
  ['no messages', { model: 'm1' }, "Acme: messages is missing: give [{ role: 'user', content: 'Hello' }]."],
  ['empty messages', with_({ messages: [] }), 'Acme: messages is empty: give at least one.'],
  [
    'one message and no list',
    with_({ messages: hello.messages[0] }),
    'Acme: messages must be an array of messages, got an object.',
  ],
  ['a message in words', with_({ messages: ['Hello'] }), 'Acme: messages must be an array of messages, got an array.'],
  [
    'a role that there is not',
    saying({ role: 'bot', content: 'a' }),
    'Acme: messages[1].role must be one of system, user, assistant, tool, got "bot".',
  ],
  [
    'a part that is nothing',
    saying({ role: 'user', content: [null] }),
    'Acme: messages[1].content[0] must be a part of type text, image or file, got null.',
  ],
  [
    'a part without its text',
    saying({ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image' }] }),
    'Acme: messages[1].content[1].url must be a string, got undefined.',
  ],
  [
    'no role',
    saying({ content: 'a' }),
    'Acme: messages[1].role must be one of system, user, assistant, tool, got undefined.',
  ],
  [
    'content that is no text',
    saying({ role: 'user', content: 7 }),
    'Acme: messages[1].content must be a string, got 7.',
  ],
  [
    'parts where only text goes',
    saying({ role: 'system', content: [] }),
    'Acme: messages[1].content must be a string, got an array.',
  ],
  [
    'a tool message for no call',
    saying({ role: 'tool', content: 'a' }),
    'Acme: messages[1].toolCallId must be the id of the call it answers, got undefined.',
  ],
  [
    'a misspelt field',
    with_({ temprature: 1 }),
    'Acme: unknown field "temprature". Did you mean "temperature"? Fields it has no name for go into extra.',
  ],
  [
    'a field of the wire',
    with_({ max_tokens: 1 }),
    'Acme: unknown field "max_tokens". Did you mean "maxTokens"? Fields it has no name for go into extra.',
  ],
  ['a number as words', with_({ temperature: '1' }), 'Acme: temperature must be a finite number, got string.'],
  ['NaN', with_({ temperature: Number.NaN }), 'Acme: temperature must be a finite number, got NaN.'],
  ['half a token', with_({ maxTokens: 0.5 }), 'Acme: maxTokens must be a whole number above 0, got 0.5.'],
  ['no tokens', with_({ maxTokens: 0 }), 'Acme: maxTokens must be a whole number above 0, got 0.'],
  ['a stream that is not a boolean', with_({ stream: 'no' }), 'Acme: stream must be of type boolean, got string.'],
  ['tools without names', with_({ tools: [{}] }), 'Acme: tools must be of type Tool[], got an array.'],
  ['extra that is no object', with_({ extra: [] }), 'Acme: extra must be an object of body fields, got an array.'],
  [
    'a field that the provider does not honour',
    with_({ seed: 1 }),
    'Acme does not support "seed". It supports: model, messages, stream, temperature, maxTokens, tools. Leave it out, or set unsupported: \'ignore\' on the provider.',
  ],
  ['a circle', with_({ extra: circular }), "Acme: extra.inner.back can't be written as JSON (circular, or a BigInt)."],
  [
    'a BigInt',
    with_({ tools: [{ name: 'f', parameters: { n: 1n } }] }),
    "Acme: tools[0].parameters.n can't be written as JSON (circular, or a BigInt).",
  ],
]

test.each(requests)('refused at the call, and nothing is sent: %s', async (_name, request, words) => {
  const server = await answering()
  expect(() => acme(server.url).stream(request as ChatRequest)).toThrow(TypeError)
  expect(() => acme(server.url).stream(request as ChatRequest)).toThrow(words)
  await eventsOf(acme(server.url).stream(hello))
  expect(server.requests).toHaveLength(1)
})

/** Call options that can't be meant. */
const calls: [name: string, call: unknown, words: string][] = [
  [
    'a misspelt option',
    { sginal: undefined },
    'Acme: stream(): unknown option "sginal". Did you mean "signal"? Options: ',
  ],
  ['a signal that is none', { signal: 'soon' }, 'Acme: signal must be an AbortSignal, got string.'],
  [
    'a controller for a signal',
    { signal: new AbortController() },
    'Acme: signal must be an AbortSignal, got an object.',
  ],
  ['options in words', 'fast', 'Acme: stream(): options must be an object, got string.'],
  ['headers in a list', { headers: [] }, 'Acme: headers must be an object of strings, got an array.'],
  ['a header that is a number', { headers: { 'x-n': 7 } }, 'Acme: headers: "x-n" must be a string, got 7.'],
  [
    'a header that is two',
    { headers: { 'x-a': 'secret\r\nx-b: 1' } },
    'Acme: headers: the value of "x-a" has a line break or a character no header can carry.',
  ],
  [
    'a header in no alphabet of headers',
    { headers: { 'x-a': '漢' } },
    'Acme: headers: the value of "x-a" has a line break or a character no header can carry.',
  ],
  ['a header without a name', { headers: { '': 'a' } }, 'Acme: headers: "" is not a header name.'],
  ['a header name that is two', { headers: { 'x-a: 1\r\nx-b': 'a' } }, 'is not a header name.'],
  [
    'the host',
    { headers: { Host: 'elsewhere' } },
    'Acme: headers: "Host" belongs to the connection and can\'t be set.',
  ],
  [
    'the length',
    { headers: { 'content-length': '0' } },
    'Acme: headers: "content-length" belongs to the connection and can\'t be set.',
  ],
]

test.each(calls)('refused at the call, and nothing is sent: %s', async (_name, call, words) => {
  const server = await answering()
  expect(() => acme(server.url).stream(hello, call as object)).toThrow(TypeError)
  expect(() => acme(server.url).stream(hello, call as object)).toThrow(words)
  await eventsOf(acme(server.url).stream(hello))
  expect(server.requests).toHaveLength(1)
})

/** Options that no provider can be made with. */
const options: [name: string, options: unknown, words: string][] = [
  [
    'a misspelt option',
    { baseURL: 'http://a' },
    'acme: unknown option "baseURL". Did you mean "baseUrl"? Options: baseUrl, headers, transport, deadlines, unsupported.',
  ],
  ['no object', null, 'acme: options must be an object, got null.'],
  [
    'a transport that is none',
    { transport: {} },
    'acme: transport must be a function, as fetchTransport() gives, got an object.',
  ],
  [
    'unsupported of another name',
    { unsupported: 'drop' },
    "acme: unsupported must be 'reject' or 'ignore', got string.",
  ],
  ['a deadline of another name', { deadlines: { totalSeconds: 1 } }, 'deadlines: unknown option "totalSeconds".'],
  [
    'a deadline in the past',
    { deadlines: { totalMs: 0 } },
    'deadlines: totalMs must be a number of milliseconds above 0, got 0.',
  ],
  [
    'a header with a line break',
    { headers: { a: 'x\ny' } },
    'acme: headers: the value of "a" has a line break or a character no header can carry.',
  ],
]

test.each(options)('no provider is made with %s', (_name, given, words) => {
  expect(() => acme('http://127.0.0.1:1', given as ProviderOptions)).toThrow(TypeError)
  expect(() => acme('http://127.0.0.1:1', given as ProviderOptions)).toThrow(words)
})

test.each([
  ['127.0.0.1:80', 'acme: baseUrl is not a URL'],
  ['localhost:80', 'acme: baseUrl must be http: or https:, got localhost:'],
  ['api.example.com/v1', 'acme: baseUrl is not a URL'],
  ['', 'acme: baseUrl is not a URL'],
  ['file:///etc', 'acme: baseUrl must be http: or https:, got file:'],
  ['http://me:secret@127.0.0.1', 'acme: baseUrl must not carry a user name or password'],
  ['http://127.0.0.1/?key=secret', 'acme: baseUrl must not carry a query or fragment'],
  ['http://127.0.0.1/#a', 'acme: baseUrl must not carry a query or fragment'],
])('"%s" is no base URL, and what it holds is not shown', (baseUrl, words) => {
  expect(() => acme(baseUrl)).toThrow(TypeError)
  expect(() => acme(baseUrl)).toThrow(words)
  expect(() => acme(baseUrl)).not.toThrow(/secret/)
})

test('a slash at the end of a base URL is tolerated, and its path is kept', async () => {
  const server = await answering()
  for (const suffix of ['', '/', '//', '/v1', '/v1/']) await eventsOf(acme(server.url + suffix).stream(hello))
  expect(server.requests.map(({ path }) => path)).toEqual(['/chat', '/chat', '/chat', '/v1/chat', '/v1/chat'])
})

test('unsupported: ignore leaves out what is not honoured, and nothing else', async () => {
  const server = await answering()
  const request: ChatRequest = { ...hello, seed: 1, maxTokens: 5, extra: { own: true } }
  await eventsOf(acme(server.url, { unsupported: 'ignore' }).stream(request))
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ ...hello, maxTokens: 5, extra: { own: true } })
})

test('a default of the provider is sent when the caller says nothing, and gives way when it does', async () => {
  const server = await answering()
  const provider = acme(server.url, {}, { info: { ...info, settings: settings({ temperature: 0.7 }) } })
  for (const temperature of [undefined, 0.1]) {
    await eventsOf(provider.stream({ ...hello, ...(temperature !== undefined && { temperature }) }))
  }
  const sent = server.requests.map(({ body }) => (JSON.parse(body) as ChatRequest).temperature)
  expect(sent).toEqual([0.7, 0.1])
})

test('a header is sent once under one name, and the caller has the last word', async () => {
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

test('a request is never changed, whatever it holds', async () => {
  const server = await answering()
  const provider = acme(
    server.url,
    { unsupported: 'ignore' },
    { info: { ...info, settings: settings({ temperature: 0.7 }) } },
  )
  const request = fc.record({
    model: fc.constant('m1'),
    messages: fc.array(fc.record({ role: fc.constantFrom('user', 'assistant'), content: fc.string() }), {
      minLength: 1,
    }),
    extra: fc.dictionary(fc.string(), fc.jsonValue()),
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
