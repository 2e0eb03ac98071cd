import { afterEach, describe, expect, it, test, vi } from 'vitest'
import { bearerTo, testCredential } from '../src/index.ts'
import { answer, keyed, type KeyMistake, type KeyedOptions, request, VARIABLES } from './support/keyed.ts'
import { failuresOf, memoryRunner } from './support/memory-runner.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const common = {
  factory: keyed,
  option: 'apiKey',
  variable: VARIABLES,
  request,
  answers: { text: { contentType: answer.contentType, body: Buffer.from(answer.body), endMark: false } },
  sent: bearerTo('http://keyed.example/chat'),
} as const

testCredential({ runner: { describe, it }, ...common })

const NAMES = [
  'is KEYED_API_KEY, read when the provider is made',
  'is KEYED_KEY, read when the provider is made',
  'is the option apiKey rather than the environment',
  'is an auth error that names it when it is missing, and nothing is sent',
  'is an auth error that names it when it is empty in the environment, and nothing is sent',
  'is a TypeError when the option is empty',
]

test('each rule is a test', () => {
  const { runner, suites, tests } = memoryRunner()
  testCredential({ runner, ...common })
  expect(suites).toEqual(['the credential of Keyed'])
  expect([...tests.keys()]).toEqual(NAMES)
})

test.each<[KeyMistake, number[]]>([
  ['environment first', [2]],
  // Its error names one variable too.
  ['one variable', [1, 3, 4]],
  ['names nothing', [3, 4]],
  ['sends nevertheless', [3, 4]],
  ['empty is none', [5]],
])('a provider with the mistake "%s" fails', async (mistake, broken) => {
  const { runner, tests } = memoryRunner()
  testCredential({ runner, ...common, factory: (options: KeyedOptions) => keyed(options, mistake) })
  expect(await failuresOf(tests)).toEqual(broken.map((at) => NAMES[at]))
})

test('a provider that sends its credential elsewhere fails', async () => {
  const { runner, tests } = memoryRunner()
  testCredential({ runner, ...common, sent: (key) => ({ headers: { 'x-api-key': key } }) })
  expect(await failuresOf(tests)).toEqual(NAMES.slice(0, 3))
})

test('a provider that reads the environment later fails', async () => {
  const { runner, tests } = memoryRunner()
  const factory = (options: KeyedOptions) => ({
    ...keyed({ apiKey: 'early', ...options }),
    stream: (...asked: Parameters<ReturnType<typeof keyed>['stream']>) => keyed(options).stream(...asked),
  })
  testCredential({ runner, ...common, factory })
  expect(await failuresOf(tests)).toEqual(NAMES.slice(0, 2))
})

test('the environment is restored', async () => {
  vi.stubEnv('KEYED_API_KEY', 'mine')
  vi.stubEnv('KEYED_KEY', undefined)
  const { runner, tests } = memoryRunner()
  testCredential({ runner, ...common })
  expect(await failuresOf(tests)).toEqual([])
  expect(VARIABLES.map((name) => process.env[name])).toEqual(['mine', undefined])
  expect('KEYED_KEY' in process.env).toBe(false)
})
