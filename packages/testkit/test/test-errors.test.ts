import { pathToFileURL } from 'node:url'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProviderOptions } from '@rivulet/core'
import { describe, expect, it, test } from 'vitest'
import { testErrors, type RecordedError } from '../src/index.ts'
import { keyed, request } from './support/keyed.ts'
import { failuresOf, memoryRunner } from './support/memory-runner.ts'

const provider = (options: ProviderOptions) => keyed({ apiKey: 'secret', ...options })
const right: RecordedError = { status: 400, body: 'No money.', code: 'quota', message: 'No money' }

const described = (errors: readonly RecordedError[] | URL) => {
  const { runner, suites, tests } = memoryRunner()
  testErrors({ runner, provider, request, errors })
  return { suites, tests }
}

testErrors({
  runner: { describe, it },
  provider,
  request,
  errors: [
    right,
    { status: 429, headers: { 'retry-after': '3' }, body: {}, code: 'rate-limited', retryAfterMs: 3000 },
    { status: 401, body: { error: { message: 'Who?' } }, code: 'auth', message: 'Who?' },
  ],
})

test('each error is a test, named by its body', async () => {
  const { suites, tests } = described([right, { status: 500, body: { a: 1 }, code: 'overloaded' }])
  expect(suites).toEqual(['the errors of Keyed'])
  expect([...tests.keys()]).toEqual(['400 is quota: No money.', '500 is overloaded: {"a":1}'])
  expect(await failuresOf(tests)).toEqual([])
})

test.each<[string, Partial<RecordedError>]>([
  ['code', { code: 'auth' }],
  ['words', { message: 'No power' }],
  ['wait', { retryAfterMs: 1000 }],
  ['wait, which is not expected,', { headers: { 'retry-after': '1' } }],
  ['status, one that is not an error,', { status: 200 }],
])('another %s fails', async (_what, other) => {
  expect(await failuresOf(described([{ ...right, ...other }]).tests)).toHaveLength(1)
})

test('they may be in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'errors-'))
  const file = pathToFileURL(join(folder, 'errors.json'))
  await writeFile(file, JSON.stringify({ source: 'https://a.example', errors: [right] }))
  expect([...described(file).tests.keys()]).toEqual(['400 is quota: No money.'])
  for (const wrong of [[right], { errors: [{ status: 400 }] }, {}]) {
    await writeFile(file, JSON.stringify(wrong))
    expect(() => described(file)).toThrow(/errors\.json needs "errors"/)
  }
  await rm(folder, { recursive: true })
})

test('an empty list is a mistake', () => {
  expect(() => described([])).toThrow(TypeError)
})
