import { chatSubject, fixturesIn } from '@rivulet/testkit'
import { deepseek } from '../src/index.ts'

export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** DeepSeek under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'DeepSeek',
  factory: deepseek,
  fixture,
  model: 'deepseek-flash',
  usage: { inputTokens: 17, outputTokens: 42, cachedTokens: 16, reasoningTokens: 30, source: 'reported' },
  toolIds: ['call_00_Ab', 'call_01_Cd'],
  reasoningIn: ['reasoning.sse', 'document.json', 'tool-calls.sse'],
  argumentsInParts: true,
  errorFirst: { ...fixture('error-first.json'), code: 'quota' },
})
