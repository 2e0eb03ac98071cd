import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { undiciTransport } from '@rivulet/core/undici'
import { describe, expect, it, test } from 'vitest'
import { testProvider, laws, type Runner } from '../src/index.ts'
import { type Form, inForm } from '../src/forms.ts'
import { mini, subjectOf } from './support/mini.ts'

interface Recorded {
  name: string
  run: () => Promise<void>
}

/** A runner that keeps what it is given. */
function memoryRunner(): { runner: Runner; suites: string[]; tests: Recorded[]; skipped: string[] } {
  const suites: string[] = []
  const tests: Recorded[] = []
  const skipped: string[] = []
  const it = Object.assign((name: string, run: () => Promise<void>) => tests.push({ name, run }), {
    skip: (name: string) => skipped.push(name),
  })
  const describe = (name: string, body: () => void): void => {
    suites.push(name)
    body()
  }
  return { runner: { describe, it }, suites, tests, skipped }
}

const right = subjectOf((options) => mini(options))

testProvider({
  runner: { describe, it },
  ...right,
  name: 'Mini under vitest',
  answers: { text: right.answers.text },
  transports: { undici: () => undiciTransport() },
  skip: [
    { law: 'an answer cut in two anywhere gives the events of the uncut one', reason: 'an example of an exception' },
  ],
})

test('a test is a function without parameters, and a suite returns nothing: as jest wants them', () => {
  const { runner, suites, tests } = memoryRunner()
  const returned: unknown[] = []
  const describe: Runner['describe'] = (name, body: () => unknown) => {
    suites.push(name)
    returned.push(body())
  }
  testProvider({ runner: { ...runner, describe }, ...right })
  expect(returned).toEqual(suites.map(() => undefined))
  // A parameter would be the `done` that ends a test by hand.
  expect(new Set(tests.map(({ run }) => run.length))).toEqual(new Set([0]))
})

test('makes a test of each law for each transport, and one test where no transport can change it', () => {
  const { runner, suites, tests, skipped } = memoryRunner()
  testProvider({ runner, ...right })
  expect(suites).toEqual([
    'Mini obeys the laws over any transport',
    'Mini obeys the laws over any transport, in one piece',
    'Mini obeys the laws over undici',
    'Mini obeys the laws over undici, in one piece',
    'Mini obeys the laws over fetch',
  ])
  const names = (form: Form, anyTransport: boolean): string[] =>
    laws
      .filter((law) => (law.anyTransport === true) === anyTransport)
      .filter((law) => law.exempts?.(inForm(right, form)) === undefined)
      .map(({ name }) => name)
  expect(tests.map(({ name }) => name)).toEqual([
    ...names('streamed', true),
    ...names('one piece', true),
    ...names('streamed', false),
    ...names('one piece', false),
    ...names('streamed', false),
  ])
  expect(names('one piece', true)).not.toEqual(names('streamed', true))
  expect(skipped).toEqual([])
})

test('a test passes for a right provider and fails for a wrong one', async () => {
  const failures = async (subject: typeof right): Promise<string[]> => {
    const { runner, tests } = memoryRunner()
    testProvider({ runner, ...subject })
    const failed: string[] = []
    for (const { name, run } of tests.filter((one) => /one call|\[DONE\]|equal requests/.test(one.name))) {
      await run().catch(() => failed.push(name))
    }
    return failed
  }
  expect(await failures(right)).toEqual([])
  const wrong = await failures(subjectOf((options) => mini(options, 'counts its requests')))
  expect(wrong).toEqual(Array.from({ length: 3 }, () => 'equal requests are equal bytes'))
})

test('a law that does not apply to a provider makes no test', () => {
  const { runner, tests } = memoryRunner()
  const { secrets: _secrets, ...rest } = right
  const body = new Uint8Array([65])
  const bare = { ...rest, answers: { text: { contentType: 'text/plain', body, text: 'A', endMark: false } } }
  testProvider({ runner, ...bare })
  const names = tests.map(({ name }) => name)
  expect(
    names.filter((name) =>
      /secret|comments|a tool call|calls are joined|JSON|error before any|the connection closes$/.test(name),
    ),
  ).toEqual([])
  expect(names.length).toBeGreaterThan(40)
})

test('an exception is a skipped test with its reason in the name', () => {
  const { runner, tests, skipped } = memoryRunner()
  const skip = [{ law: 'one call is one request', reason: 'it logs in first' }]
  testProvider({ runner, ...right, skip, transports: { none: () => () => Promise.reject(new Error('unused')) } })
  const reasoned = 'one call is one request (skipped: it logs in first)'
  expect(skipped).toEqual([reasoned, reasoned])
  expect(tests.map(({ name }) => name)).not.toContain('one call is one request')
})

test('an exception to an unknown law is refused', () => {
  const skip = [{ law: 'one call is two requests', reason: '' }]
  expect(() => {
    testProvider({ runner: memoryRunner().runner, ...right, skip })
  }).toThrow('skip: no law is called "one call is two requests"')
})

test('runs under node:test', async () => {
  const file = fileURLToPath(new URL('support/node-test.ts', import.meta.url))
  const { NODE_TEST_CONTEXT: _inherited, ...env } = process.env
  const run = promisify(execFile)(process.execPath, ['--conditions=@rivulet/source', '--test', file], { env })
  const { stdout } = await run
  expect(stdout).toContain('one call is one request')
  expect(stdout).toMatch(/fail 0/)
  expect(stdout).toMatch(/skipped 1/)
})
