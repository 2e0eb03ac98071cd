import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { bearer } from '../../src/http/authorization.ts'
import type { RecordedExchange } from '../../src/http/exchange-recorder.ts'
import { redact, redactCut } from '../../src/http/redact.ts'
import { recordExchanges } from '../../src/layers/record-exchanges.ts'
import { pipe, type Provider } from '../../src/provider.ts'
import { collect } from '../../src/reading/collect.ts'
import { acme, hello, rejection } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

/** Has characters that each encoding escapes in its own way. */
const SECRET = `sk-Live+7/x!y'z"<&w>==Kq93`
const codes = (write: (code: number) => string): string =>
  Array.from(SECRET, (character) => write(character.charCodeAt(0))).join('')
const json = JSON.stringify(SECRET).slice(1, -1)
const uri = encodeURIComponent(SECRET)
const everyInJson = (text: string): string =>
  Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
const base64 = (before: string, after: string): string => Buffer.from(before + SECRET + after).toString('base64')

/** As endpoints echo what they were sent, and a part of it that no message may show. */
const echoes: [how: string, echo: string][] = [
  ['as it is', SECRET],
  ['in capitals', SECRET.toUpperCase()],
  ['in a URI', uri],
  ['in a URI, in small letters', uri.replaceAll(/%../g, (escape) => escape.toLowerCase())],
  ['in a URI, every character', codes((code) => `%${code.toString(16)}`)],
  ['in a URI inside a URI', encodeURIComponent(uri)],
  ['in JSON', json],
  ['in JSON inside JSON', JSON.stringify(json).slice(1, -1)],
  ['in JSON that escapes slashes', json.replaceAll('/', '\\/')],
  [
    'in JSON that escapes what HTML reads',
    json.replaceAll(/[<>&+'=]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  ],
  [
    'in HTML',
    SECRET.replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  ],
  ['in HTML, as decimal numbers', codes((code) => `&#${code};`)],
  ['in HTML, as hexadecimal numbers', codes((code) => `&#x${code.toString(16).toUpperCase()};`)],
  ['in a form', new URLSearchParams({ key: SECRET }).toString().slice('key='.length)],
  ['in JSON inside a URI', encodeURIComponent(json)],
  ['in a URI inside JSON that escapes every character', everyInJson(uri)],
  ['in Base64', base64('', '')],
  ['in Base64 after one character', base64('a', 'b')],
  ['in Base64 after two characters', base64('ab', 'c')],
  ['in Base64 with its header', base64('authorization: Bearer ', '\r\n')],
  ['in Base64 for URLs', Buffer.from(SECRET).toString('base64url')],
]

/** Eight characters of an echo, from its middle, which depends on nothing but the secret. */
const partOf = (echo: string): string => echo.slice(echo.length / 2 - 4, echo.length / 2 + 4)

describe.each(echoes)('a key that is echoed %s', (_how, echo) => {
  test('is in no error and no recording', async () => {
    const server = await serve((response) => response.writeHead(400).end(`this key is no good: ${echo} (sorry)`))
    const recorded: RecordedExchange[] = []
    const provider = pipe(
      acme(server.url, {}, { authorize: bearer(SECRET) }),
      recordExchanges({ to: (exchange) => void recorded.push(exchange) }),
    )
    const error = await rejection(collect(provider.stream(hello)))
    expect(error).toMatchObject({ message: expect.stringContaining('this key is no good: ') as string })
    expect(inspect(error, { depth: 9 })).not.toContain(partOf(echo))
    expect(recorded.flatMap(({ chunks }) => chunks.map(({ text }) => text)).join('')).toMatch(
      /no good: .*\*+.* \(sorry\)/,
    )
    expect(recorded.flatMap(({ chunks }) => chunks.map(({ text }) => text)).join('')).not.toContain(partOf(echo))
  })

  test('is not shown where the text is cut', () => {
    for (let end = 4; end < SECRET.length; end++) {
      expect(redactCut(`key ${SECRET.slice(0, end)}`, [SECRET])).toBe('key ***')
    }
    expect(redact(`key ${echo}.`, [SECRET])).toMatch(/^key .{0,30}\*\*\*.{0,8}\.$/)
  })

  test('is not shown where the text is cut, also in the middle of an escape', () => {
    for (let end = Math.ceil((echo.length * 3) / 4); end < echo.length; end++) {
      expect(redactCut(`key ${echo.slice(0, end)}`, [SECRET])).toMatch(/^key .{0,30}\*\*\*.{0,3}$/)
    }
  })

  test('is found where two pieces of a long text meet', () => {
    const before = 65_536 - echo.length / 2
    const text = `${' '.repeat(before)}${echo} ${'.'.repeat(9_000)}`
    expect(redact(text, [SECRET]).slice(before, before + 60)).toMatch(/^.{0,30}\*\*\*.{0,8} /)
  })
})

test('a recording shows nothing of a key with letters beyond ASCII that its end cuts off', async () => {
  const key = 'clé-très-sûre'
  const bytes = Buffer.from(`no key ${key}`)
  for (let end = Buffer.byteLength('no key clé-'); end < bytes.length; end++) {
    const server = await serve((response) => response.writeHead(400).end(bytes.subarray(0, end)))
    const recorded: RecordedExchange[] = []
    const provider = pipe(
      acme(server.url, {}, { authorize: () => ({ headers: {}, secrets: [key] }) }),
      recordExchanges({ to: (exchange) => void recorded.push(exchange) }),
    )
    await rejection(collect(provider.stream(hello)))
    expect(recorded.flatMap(({ chunks }) => chunks.map(({ text }) => text)).join('')).toMatch(/^no key \*+$/)
  }
})

test('a secret is found in every nesting of encodings, also where it looks like an escape itself', () => {
  const secret = fc.string({
    unit: fc.constantFrom(...Array.from('aZ09-_.~%&"\\/+<>;x4u')),
    minLength: 6,
    maxLength: 30,
  })
  const encodings = [encodeURIComponent, (text: string) => JSON.stringify(text).slice(1, -1), everyInJson]
  const nested = fc.array(fc.constantFrom(...encodings), { maxLength: 3 })
  fc.assert(
    fc.property(secret, nested, (key, encoding) => {
      const echo = encoding.reduce((text, encode) => encode(text), key)
      expect(redact(`no key (${echo})`, [key])).toMatch(/^no key \(\*+\)$/)
    }),
  )
})

test.each([
  '&constructor;',
  '&__proto__;',
  '&toString;',
  '&nbsp;',
  '%zz',
  '\\u00zz',
  '&#x110000;',
  '&#;',
  '%',
  '\\',
  '\ud800',
])('what is no escape, or stands for no character, is left as it is, and the secret beside it is found: %j', (odd) => {
  expect(redact(`${odd} is odd`, [SECRET])).toBe(`${odd} is odd`)
  expect(redact(`${odd} ${uri} ${odd}`, [SECRET])).toBe(`${odd} *** ${odd}`)
})

test('a secret with a percent sign that a URL leaves as it is, is found in it', () => {
  const secret = 'half"50%off"x-abc'
  expect(redact(new URL(`http://acme.example/?key=${secret}`).href, [secret])).toBe('http://acme.example/?key=***')
})

test('nothing is compiled from a secret: an expression for a long token takes half a second', () => {
  const token = Array.from({ length: 900 }, (_, at) => 'abcdEFGH0123-_.'[(at * 7) % 15]).join('')
  const made = vi.spyOn(globalThis, 'RegExp')
  try {
    expect(redactCut(`${token} and ${token.slice(0, 400)}`, [token])).not.toContain(token.slice(0, 100))
    expect(made).not.toHaveBeenCalled()
  } finally {
    made.mockRestore()
  }
})

const KEY = 'Q7wE9rT2yU5iO8pA'
const PASSWORD = 'correct-horse-9'

test.each<[header: string, value: string, secret: string]>([
  ['x-user-credential', KEY, KEY],
  ['x-password', KEY, KEY],
  ['x-acme', KEY, KEY],
  ['x-acme', `Token ${KEY}`, KEY],
  ['authorization', `ApiKey ${KEY}`, KEY],
  ['authorization', `Signature keyId="a", signature="${KEY}"`, KEY],
  ['cookie', `theme=dark; session=${KEY}`, KEY],
  ['authorization', `Basic ${Buffer.from(`user:${PASSWORD}`).toString('base64')}`, PASSWORD],
])('the secret in a header %s: %s is shown nowhere', async (name, value, secret) => {
  const server = await serve((response) => response.writeHead(403).end(`refused: ${secret}, as in ${value}`))
  const recorded: unknown[] = []
  const recording = (provider: Provider): Provider =>
    pipe(provider, recordExchanges({ to: (exchange) => void recorded.push(exchange) }))
  const ofCall = collect(recording(acme(server.url)).stream(hello, { headers: { [name]: value } }))
  const ofProvider = collect(recording(acme(server.url, { headers: { [name]: value } })).stream(hello))
  const errors = [await rejection(ofCall), await rejection(ofProvider)]
  expect(recorded).toHaveLength(2)
  expect(inspect(errors, { depth: 9 }) + JSON.stringify(recorded)).not.toContain(secret)
})

test('a header that says what the request is stays readable in messages', async () => {
  const server = await serve((response) => response.writeHead(400).end('unknown version: acme-2024-07-31'))
  const answer = collect(acme(server.url).stream(hello, { headers: { 'acme-version': 'acme-2024-07-31' } }))
  expect(await rejection(answer)).toMatchObject({ message: expect.stringContaining('acme-2024-07-31') as string })
})

const URL_WITH_KEY = `http://acme.example/?auth=${uri}`
let deep = new Error(URL_WITH_KEY)
for (let depth = 0; depth < 8; depth++) deep = new Error('failed', { cause: deep })
const circular: Error & { cause?: unknown } = new Error(URL_WITH_KEY)
circular.cause = circular

test.each<[what: string, cause: unknown]>([
  ['a field of an error', Object.assign(new Error('failed'), { url: URL_WITH_KEY })],
  ['what belongs to an error', Object.assign(new Error('failed'), { request: { headers: { key: SECRET } } })],
  ['one of several errors', new AggregateError([new Error(URL_WITH_KEY)], 'failed')],
  ['an object that is no error', { message: URL_WITH_KEY }],
  ['an object as the cause', new Error('failed', { cause: { url: URL_WITH_KEY } })],
  ['a map', new Error('failed', { cause: new Map([['url', URL_WITH_KEY]]) })],
  ['a URL', Object.assign(new Error('failed'), { url: new URL(URL_WITH_KEY) })],
  ['the code', Object.assign(new Error('failed'), { code: `E_${SECRET}` })],
  ['a DOMException', new DOMException(URL_WITH_KEY, 'NetworkError')],
  ['a cause far down', deep],
  ['a cause of itself', circular],
])('a key is not shown when a transport fails with it in %s', async (_what, cause) => {
  const transport = (): Promise<never> => Promise.reject(cause)
  const provider = acme('http://acme.example', { transport }, { authorize: bearer(SECRET) })
  const error = await rejection(collect(provider.stream(hello)))
  const log = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)
  expect(error).toMatchObject({ code: 'network' })
  for (const part of [SECRET.slice(0, 8), uri.slice(0, 10)]) expect(log).not.toContain(part)
})

test('a cause without a secret is kept as it is', async () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', port: 9 })
  const transport = (): Promise<never> => Promise.reject(cause)
  const provider = acme('http://acme.example', { transport }, { authorize: bearer(SECRET) })
  expect(await rejection(collect(provider.stream(hello)))).toHaveProperty('cause', cause)
})
