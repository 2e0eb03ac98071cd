import { chatSubject, fixturesIn } from '@rivulet/testkit'
import { mistral } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** Mistral under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'Mistral',
  factory: mistral,
  fixture,
  model: 'mistral-medium-3-5',
  usage: { inputTokens: 12, outputTokens: 42, cachedTokens: 8, source: 'reported' },
  toolIds: ['D681PevKs', 'gSIMJiOkT'],
  reasoningIn: ['reasoning.sse', 'document.json'],
  errorFirst: { ...fixture('error-first.json'), code: 'overloaded' },
})
