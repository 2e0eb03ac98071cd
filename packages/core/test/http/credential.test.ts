import { afterEach, expect, test, vi } from 'vitest'
import { apiKeyOf, environment } from '../../src/http/credential.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const acme = (given: unknown): string | undefined =>
  apiKeyOf('acme', { env: 'ACME_API_KEY', as: (key) => ({ secrets: [key] }) }, { apiKey: given })?.secrets[0]

test('the option comes before the environment', () => {
  vi.stubEnv('ACME_API_KEY', 'from the environment')
  expect(acme('given')).toBe('given')
  expect(acme(undefined)).toBe('from the environment')
})

test('neither is no credential', () => {
  vi.stubEnv('ACME_API_KEY', undefined)
  expect(acme(undefined)).toBeUndefined()
})

test('an empty variable counts as none', () => {
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
])('%j can not be a credential: it is a TypeError and not the environment', (given, found) => {
  vi.stubEnv('ACME_API_KEY', 'from the environment')
  expect(() => acme(given)).toThrow(
    new TypeError(`acme: apiKey must be a string that is not empty, got ${found}. Or set ACME_API_KEY.`),
  )
})

test('what was given is not shown', () => {
  expect(() => acme(['sk-secret'])).toThrow(/^acme: apiKey must be a string that is not empty, got an array\. /)
})
