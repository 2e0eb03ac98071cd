import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { describeProvider, laws, type Runner } from '../src/index.ts'
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

test('makes a test of each law for each transport', () => {
  const { runner, suites, tests, skipped } = memoryRunner()
  describeProvider({ runner, ...right })
  expect(suites).toEqual(['Mini obeys the laws over undici', 'Mini obeys the laws over fetch'])
  const alone = laws.map(({ name }) => name).filter((name) => !name.startsWith('in a group'))
  expect(tests.map(({ name }) => name)).toEqual([...alone, ...alone])
  expect(skipped).toEqual([])
})

test('a test passes for a right provider and fails for a wrong one', async () => {
  const failures = async (subject: typeof right): Promise<string[]> => {
    const { runner, tests } = memoryRunner()
    describeProvider({ runner, ...subject })
    const failed: string[] = []
    for (const { name, run } of tests.filter((one) => /one call|\[DONE\]|equal requests/.test(one.name))) {
      await run().catch(() => failed.push(name))
    }
    return failed
  }
  expect(await failures(right)).toEqual([])
  const wrong = await failures(subjectOf((options) => mini(options, 'counts its requests')))
  expect(wrong).toEqual(['equal requests are equal bytes', 'equal requests are equal bytes'])
})

test('a law that says nothing of a provider makes no test', () => {
  const { runner, tests } = memoryRunner()
  const { secrets: _secrets, ...rest } = right
  const body = new Uint8Array([65])
  const bare = { ...rest, answers: { text: { contentType: 'text/plain', body, text: 'A', endMark: false } } }
  describeProvider({ runner, ...bare })
  const names = tests.map(({ name }) => name)
  expect(names.filter((name) => /secret|comments|\[DONE\]|errorFirst|the connection closes$/.test(name))).toEqual([])
  expect(names.length).toBeGreaterThan(40)
})

test('an exception is a skipped test with its reason in the name', () => {
  const { runner, tests, skipped } = memoryRunner()
  const skip = [{ law: 'one call is one request', reason: 'it logs in first' }]
  describeProvider({ runner, ...right, skip, transports: { none: () => () => Promise.reject(new Error('unused')) } })
  expect(skipped).toEqual(['one call is one request (skipped: it logs in first)'])
  expect(tests).toHaveLength(laws.filter(({ name }) => !name.startsWith('in a group')).length - 1)
})

test('an exception to a law that there is not is refused', () => {
  const skip = [{ law: 'one call is two requests', reason: '' }]
  expect(() => {
    describeProvider({ runner: memoryRunner().runner, ...right, skip })
  }).toThrow('skip names no law: "one call is two requests"')
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
