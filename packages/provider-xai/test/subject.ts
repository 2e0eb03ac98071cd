import { chatSubject, fixturesIn } from '@rivulet/testkit'
import { xai } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** xAI under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'xAI',
  factory: xai,
  fixture,
  model: 'grok-4.7',
  // Reasoning tokens are counted beside the completion tokens, not among them: 9 + 194.
  usage: {
    inputTokens: 32,
    outputTokens: 203,
    cachedTokens: 6,
    reasoningTokens: 194,
    cost: { usd: 5e-8, source: 'reported' },
    source: 'reported',
  },
  toolIds: ['call_71', 'call_72'],
  reasoningIn: ['reasoning.sse'],
  errorFirst: { ...fixture('error-first.json'), code: 'rate-limited' },
})
