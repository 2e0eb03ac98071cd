import { chatSubject, fixturesIn } from '@rivulet/testkit'
import { groq } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** Groq under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'Groq',
  factory: groq,
  fixture,
  model: 'openai/gpt-oss-20b',
  // Reported beside the choices, in `x_groq`.
  usage: { inputTokens: 74, outputTokens: 42, cachedTokens: 64, reasoningTokens: 30, source: 'reported' },
  toolIds: ['fc_1a', 'fc_2b'],
  reasoningIn: ['reasoning.sse', 'document.json'],
  errorFirst: { ...fixture('error-first.sse'), code: 'malformed' },
})
