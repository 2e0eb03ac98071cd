import { chatSubject, fixturesIn } from '@rivulet/testkit'
import { openaiCompatible } from '../src/index.ts'

export const baseUrl = 'http://127.0.0.1:8000/v1'
export const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** A server that speaks OpenAI's dialect under the laws: `pnpm truth` finds it here. */
export const subject = chatSubject({
  name: 'OpenAI-compatible',
  factory: (options) => openaiCompatible({ ...options, baseUrl: options.baseUrl ?? baseUrl }),
  fixture,
  model: 'qwen3',
  usage: 'absent',
  usageIn: { 'document.json': { inputTokens: 9, outputTokens: 11, source: 'reported' } },
  toolIds: ['chatcmpl-tool-1', 'chatcmpl-tool-2'],
  reasoningIn: ['reasoning.sse'],
  argumentsInParts: true,
  refusal: "I can't help with that.",
  errorFirst: { ...fixture('error-first.json'), code: 'context-length' },
})
