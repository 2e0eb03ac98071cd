import fc from 'fast-check'
import { expect, test } from 'vitest'
import { apiKeyHeader, bearer, queryKey } from '../../src/http/authorization.ts'
import { redact, redactCut } from '../../src/http/redact.ts'

test('a credential says where it goes, and names its secrets', () => {
  expect(bearer('sk-1')).toEqual({ headers: { authorization: 'Bearer sk-1' }, secrets: ['sk-1'] })
  expect(apiKeyHeader('X-API-Key', 'sk-1')).toEqual({ headers: { 'x-api-key': 'sk-1' }, secrets: ['sk-1'] })
  expect(queryKey('auth', 'a b')).toEqual({ query: { auth: 'a b' }, secrets: ['a b'] })
})

/** The encodings in which a server may echo a secret. */
const echoes: [string, (secret: string) => string][] = [
  ['plain', (secret) => secret],
  ['as in a URI', encodeURIComponent],
  ['as in a query', (secret) => new URLSearchParams([['', secret]]).toString().slice(1)],
  [
    'as in the query that is sent',
    (secret) => new URLSearchParams([['', secret]]).toString().slice(1).replaceAll('+', '%20'),
  ],
  ['as in JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['as PHP writes JSON', (secret) => JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
]
const secret = fc.string({
  unit: fc.constantFrom('a', 'B', '7', '!', "'", '(', '*', '~', '/', '+', '=', ' ', '"', '\\', 'é'),
  minLength: 8,
  maxLength: 20,
})

const hides = (redacts: typeof redact, echo: (secret: string) => string) =>
  fc.property(secret, fc.string(), fc.string(), (key, before, after) => {
    const shown = echo(key)
    expect(redacts(`${before}<${shown}> <${shown}>${after}`, [key])).not.toContain(shown)
  })

test.each(echoes)('a secret is redacted from a text that has it %s', (_name, echo) => {
  fc.assert(hides(redact, echo))
})

test('the law notices a redaction of the plain form only', () => {
  const plainly: typeof redact = (text, secrets) => secrets.reduce((clean, key) => clean.replaceAll(key, '***'), text)
  expect(() => {
    fc.assert(hides(plainly, encodeURIComponent))
  }).toThrow()
})

test('every secret is redacted, and an empty one changes nothing', () => {
  expect(redact('a key-1 b key-2', ['key-1', 'key-2'])).toBe('a *** b ***')
  expect(redact('words', [''])).toBe('words')
})

test('a secret that contains another is redacted whole, in either order', () => {
  expect(redact('sk-123-456', ['sk-123', 'sk-123-456'])).toBe('***')
  expect(redact('sk-123-456', ['sk-123-456', 'sk-123'])).toBe('***')
})

test.each([257, 300, 600, 1_000])('of a secret of %i characters no part is left', (length) => {
  const key = Array.from({ length }, (_, at) => String.fromCodePoint(0x4e00 + at)).join('')
  expect(redact(`<${key}>`, [key])).toMatch(/^<\*+>$/)
  expect(redactCut(`<${key}`, [key])).toMatch(/^<\*+$/)
})

test('a secret with an unpaired surrogate does not throw', () => {
  expect(redact('a \ud83c b', ['\ud83c'])).not.toContain('\ud83c')
})

test('the beginning of a secret at the end of a cut text is redacted too', () => {
  fc.assert(
    fc.property(secret, fc.integer({ min: 4, max: 20 }), (key, length) => {
      expect(redactCut(`<${key.slice(0, length)}`, [key])).toBe('<***')
    }),
  )
  expect(redactCut('a key, and ask', ['ask-123'])).toBe('a key, and ask')
})
