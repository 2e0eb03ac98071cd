import assert from 'node:assert/strict'
import { ChatError, type Provider, type ProviderOptions } from '@rivulet/core'
import { answered, type GivenAnswer } from './answered.ts'
import type { Runner } from './test-provider.ts'
import type { Subject } from './law.ts'

/** These, and from a {@link Subject}: its request and its answers. */
export interface TestCredentialOptions<Option extends string> extends Pick<Subject, 'request' | 'answers'> {
  runner: Runner
  /** The provider's own factory, without a credential. */
  factory: (options: ProviderOptions & Partial<Record<NoInfer<Option>, string>>) => Provider
  /** The name of its option: `'apiKey'`. */
  option: Option
  /** The environment variable; of several, the first that is set counts. */
  variable: string | readonly string[]
  /** What the request must be with this credential, as `replay()` compares it: give the place of the credential. */
  sent: (credential: string) => NonNullable<GivenAnswer['request']>
}

/**
 * Makes the tests of a required credential. The option goes before the environment. Without a credential, nothing is sent
 * and the error says what to give. An empty option is a `TypeError`.
 *
 * @example
 * testCredential({
 *   runner: { describe, it },
 *   ...subject,
 *   factory: acme,
 *   option: 'apiKey',
 *   variable: 'ACME_API_KEY',
 *   sent: bearerTo('https://api.acme.example/chat'), // or (key) => ({ headers: { 'x-api-key': key } })
 * })
 */
export function testCredential<Option extends string>(options: TestCredentialOptions<Option>): void {
  const { runner, factory, option, variable, request, answers, sent } = options
  const { describe, it } = runner
  const variables = typeof variable === 'string' ? [variable] : variable
  const unset = Object.fromEntries(variables.map((name) => [name, undefined]))
  /** The provider with this credential, made in an environment that has changed by the time of the request. */
  const made = (environment: Environment, expected: GivenAnswer['request'], given?: string) =>
    answered({ ...answers.text, ...(expected !== undefined && { request: expected }) }, (common) => {
      // A computed name is any name to the compiler.
      const own = (given === undefined ? {} : { [option]: given }) as Partial<Record<Option, string>>
      return within({ ...unset, ...environment }, () => factory({ ...common, ...own }))
    })

  describe(`the credential of ${within(unset, () => factory({})).info.name}`, () => {
    for (const [at, name] of variables.entries()) {
      it(`is ${name}, read when the provider is made`, async () => {
        const environment = Object.fromEntries(variables.slice(at).map((other) => [other, `of ${other}`]))
        await made(environment, sent(`of ${name}`)).resultOf(request)
      })
    }

    it(`is the option ${option} rather than the environment`, async () => {
      const environment = Object.fromEntries(variables.map((name) => [name, 'of the environment']))
      await made(environment, sent('of the option'), 'of the option').resultOf(request)
    })

    for (const [how, value] of [
      ['missing', undefined],
      ['empty in the environment', ''],
    ] as const) {
      it(`is an auth error that names it when it is ${how}, and nothing is sent`, async () => {
        const environment = Object.fromEntries(variables.map((name) => [name, value]))
        const { provider, resultOf, sent: requests } = made(environment, undefined)
        const error: unknown = await resultOf(request).catch((thrown: unknown) => thrown)
        assert.ok(error instanceof ChatError, `expected a ChatError, got ${String(error)}`)
        assert.deepEqual([error.code, error.provider], ['auth', provider.id])
        for (const name of [option, ...variables]) {
          assert.ok(error.message.includes(name), `"${error.message}" does not name ${name}`)
        }
        assert.deepEqual(requests, [])
      })
    }

    it('is a TypeError when the option is empty', async () => {
      assert.throws(
        () => made({}, undefined, ''),
        (error) => error instanceof TypeError && error.message.includes(option),
      )
    })
  })
}

/**
 * For `sent`: a POST to this URL with `authorization: Bearer …`.
 *
 * @example
 * bearerTo('https://api.acme.example/chat')('a-key').headers // { authorization: 'Bearer a-key' }
 */
export function bearerTo(url: string): TestCredentialOptions<string>['sent'] {
  return (key) => ({ method: 'POST', url, headers: { authorization: `Bearer ${key}` } })
}

type Environment = Readonly<Record<string, string | undefined>>

/** Makes something with these variables, and restores them. */
function within<T>(environment: Environment, make: () => T): T {
  const before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]))
  set(environment)
  try {
    return make()
  } finally {
    set(before)
  }
}

function set(environment: Environment): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = value
  }
}
