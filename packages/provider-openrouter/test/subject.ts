import { chatSubject, fixturesIn } from '@rivulet/testkit'
import { openrouter } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** OpenRouter under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'OpenRouter',
  factory: openrouter,
  fixture,
  model: 'anthropic/claude-sonnet-5.5',
  usage: {
    inputTokens: 21,
    outputTokens: 42,
    cachedTokens: 16,
    cacheWriteTokens: 0,
    reasoningTokens: 30,
    cost: { usd: 0.0004, source: 'reported' },
    source: 'reported',
  },
  toolIds: ['toolu_01A', 'toolu_01B'],
  reasoningIn: ['reasoning.sse'],
  argumentsInParts: true,
  errorFirst: { ...fixture('error-first.json'), code: 'rate-limited' },
})
