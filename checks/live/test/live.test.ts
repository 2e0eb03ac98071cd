import { openai } from 'rivulet'
import { simulator } from '@rivulet/simulator'
import { expect, test } from 'vitest'
import { check } from '../src/check.ts'
import { simulatedSubjects } from '../src/subject.ts'
import { run } from './run.ts'

const { signal } = new AbortController()

test('every provider passes every scenario against the simulator', async () => {
  await using sim = await simulator()
  const subjects = simulatedSubjects(sim)
  expect(subjects).toHaveLength(13)
  for (const subject of subjects) {
    const { outcomes, inputTokens } = await check(subject, signal)
    const wrong = outcomes.filter(({ state }) => state === 'wrong')
    expect(wrong, subject.name).toEqual([])
    expect(outcomes.map(({ scenario }) => scenario)).toEqual(['text', 'tool', 'schema', 'abort', 'error'])
    // The original three support neither tools nor schemas, and report no tokens.
    const isOld = ['lockchat', 'liaobots', 'gravityengine'].includes(subject.name)
    expect(outcomes.filter(({ state }) => state === 'none').length, subject.name).toBe(isOld ? 2 : 0)
    if (subject.name.startsWith('openai')) expect(inputTokens).toBeGreaterThan(0)
  }
})

test('the cost uses the prices of the catalog', async () => {
  await using sim = await simulator()
  const provider = openai({ apiKey: 'simulated', baseUrl: sim.baseUrl('openai') })
  const {
    dollars = 0,
    inputTokens,
    outputTokens,
  } = await check({ name: 'openai', provider, model: 'gpt-6-luna' }, signal)
  const price = provider.info.models.find(({ id }) => id === 'gpt-6-luna')?.price ?? { input: NaN, output: NaN }
  expect(dollars).toBeCloseTo((inputTokens * price.input + outputTokens * price.output) / 1_000_000, 6)
})

test.each([
  ['truncate', 'text', /broke off/],
  [{ kind: 'status', status: 503 }, 'tool', /503/],
  ['html-200', 'schema', /<!doctype|<html/i],
] as const)('a provider under %j fails %s with its own message', async (fault, scenario, words) => {
  await using sim = await simulator()
  sim.fault('anthropic', fault)
  const subject = simulatedSubjects(sim).find(({ name }) => name === 'anthropic')
  if (subject === undefined) throw new Error('anthropic is not simulated')
  const { outcomes } = await check(subject, signal)
  expect(outcomes.find((outcome) => outcome.scenario === scenario)).toMatchObject({
    state: 'wrong',
    words: expect.stringMatching(words) as unknown,
  })
})

test('the command prints a table and ends', async () => {
  const { code, out, err } = await run('main.ts', ['--simulator'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^PROVIDER +MODEL +TEXT +TOOL +SCHEMA +ABORT +ERROR\n/)
  expect(out.trimEnd().split('\n')).toHaveLength(14)
  expect(out).toMatch(/^lockchat +gpt-4 +stop, [\d.]+ s +– +– +after 1 piece, [\d.]+ s +not-found, [\d.]+ s$/m)
  expect(out).not.toContain('WRONG')
})

test('one provider alone', async () => {
  const { code, out } = await run('main.ts', ['--simulator', '--only', 'openai'])
  expect(code).toBe(0)
  expect(out.match(/^openai.*$/gm)).toHaveLength(2)
  expect(await run('main.ts', ['--simulator', '--only', 'unknown'])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^"unknown" is not one of openai, anthropic, /) as unknown,
  })
})

test('without a key it calls no endpoint, lists the variables, and exits with 0', async () => {
  const { code, out } = await run('main.ts', [])
  expect(code).toBe(0)
  expect(out).toMatch(
    /^No key is set, so no endpoint is called\. Set one of OPENAI_API_KEY, .*GRAVITYENGINE_BASE_URL; /,
  )
})
