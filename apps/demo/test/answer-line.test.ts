import { expect, test } from 'vitest'
import { answerFacts } from '../public/answer-line.js'
import type { AnswerReport } from '../src/watch/answer-report.ts'

const PROVIDERS: Record<string, { name: string; simulated: boolean }> = {
  lockchat: { name: 'Lockchat', simulated: false },
  liaobots: { name: 'Liaobots', simulated: false },
  openai: { name: 'OpenAI', simulated: true },
}
const facts = (report: Partial<AnswerReport>): string =>
  answerFacts(
    { id: 'it', state: 'finished', attempts: [], ...report },
    (id) => PROVIDERS[id] ?? { name: id, simulated: true },
  ).join(' · ')

const asked = { startedMs: 0, totalMs: 100 }

test('the line names each attempt with its reason, then who answered, how fast, and what it took', () => {
  expect(
    facts({
      provider: 'liaobots',
      model: 'gpt-4',
      attempts: [
        { ...asked, provider: 'lockchat', outcome: 'failed', code: 'auth', status: 401, pieces: 0 },
        { ...asked, provider: 'liaobots', outcome: 'answered' },
      ],
      firstTokenMs: 312,
      tokensPerSecond: 57.6,
      usage: { inputTokens: 1012, cachedTokens: 1000, outputTokens: 181, reasoningTokens: 40, source: 'reported' },
      usd: 0.00123,
    }),
  ).toBe(
    'Lockchat 401 → Liaobots · gpt-4 · first token 0.31 s · 58 tokens/s · 181 tokens out (40 reasoning), 1,012 in (1,000 cached) · $0.0012',
  )
})

test('a break in the middle, a slow provider and an open circuit each have their words', () => {
  const attempts: AnswerReport['attempts'] = [
    { ...asked, provider: 'lockchat', outcome: 'failed', code: 'truncated', pieces: 24 },
    { ...asked, provider: 'liaobots', outcome: 'superseded' },
    { ...asked, provider: 'openai', outcome: 'skipped', code: 'rate-limited' },
  ]
  const broken = 'Lockchat cut off after 24 tokens → Liaobots slow → OpenAI circuit open'
  expect(facts({ attempts, state: 'failed', provider: 'lockchat' })).toBe(broken)
  expect(facts({ attempts, state: 'running', provider: 'google' })).toBe(`${broken} → google (simulated)`)
})

test('a simulated answer says what it would cost, and an estimate that it is one', () => {
  const usage = { inputTokens: 8, outputTokens: 1, source: 'estimated' as const }
  expect(facts({ provider: 'openai', usage, usd: 0.5 })).toBe(
    'OpenAI (simulated) · about 1 token out, 8 in · would cost $0.50',
  )
  expect(facts({ provider: 'openai', usage })).not.toContain('$')
})
