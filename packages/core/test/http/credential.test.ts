import { afterEach, expect, test, vi } from 'vitest'
import { apiKeyOf, environment } from '../../src/http/credential.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const acme = (apiKey: unknown): string | undefined =>
  apiKeyOf('acme', { env: 'ACME_API_KEY', as: (key) => ({ secrets: [key] }) }, { apiKey })?.secrets[0]

test('the option takes precedence over the environment', () => {
  vi.stubEnv('ACME_API_KEY', 'from the environment')
  expect(acme('given')).toBe('given')
  expect(acme(undefined)).toBe('from the environment')
})

test('without either there is no credential', () => {
  vi.stubEnv('ACME_API_KEY', undefined)
  expect(acme(undefined)).toBeUndefined()
})

test('an empty variable counts as unset', () => {
  vi.stubEnv('ACME_API_KEY', '')
  expect(environment('ACME_API_KEY')).toBeUndefined()
  expect(acme(undefined)).toBeUndefined()
})

test.each<[unknown, string]>([
  ['', 'an empty string'],
  [' \n', 'string'],
  [null, 'null'],
  [7, '7'],
  [{ key: 'x' }, 'an object'],
])('%j is not a credential: a TypeError, without a fallback to the environment', (apiKey, kind) => {
  vi.stubEnv('ACME_API_KEY', 'from the environment')
  expect(() => acme(apiKey)).toThrow(
    new TypeError(`acme: apiKey must be a string that is not empty, got ${kind}. Or set ACME_API_KEY.`),
  )
})

test('the value is not shown', () => {
  expect(() => acme(['sk-secret'])).toThrow(/^acme: apiKey must be a string that is not empty, got an array\. /)
})

test('a key of a single character is refused: every message would lose that letter', () => {
  const message = 'is a single character, too short for a key.'
  vi.stubEnv('ACME_API_KEY', 'k')
  expect(() => acme('x')).toThrow(new TypeError(`acme: apiKey ${message}`))
  expect(() => acme(' x ')).toThrow(new TypeError(`acme: apiKey ${message}`))
  expect(() => acme(undefined)).toThrow(new TypeError(`acme: ACME_API_KEY ${message}`))
  expect(acme('sk')).toBe('sk')
})

test('where the program may not read the environment, there is no credential in it', () => {
  const { env } = process
  const denied = new Proxy(env, {
    get() {
      throw new Error('NotCapable: Requires env access')
    },
  })
  try {
    process.env = denied
    expect(environment('ACME_API_KEY')).toBeUndefined()
    expect(acme(undefined)).toBeUndefined()
    expect(acme('given')).toBe('given')
  } finally {
    process.env = env
  }
})
