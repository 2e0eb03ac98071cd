import type { Model } from '@rivulet/core'

/**
 * The chat models that Groq has in production; `models()` lists all of them.
 *
 * @see https://console.groq.com/docs/models (2026-11-20)
 */
export const MODELS = [
  {
    id: 'openai/gpt-oss-120b',
    name: 'GPT-OSS 120B',
    contextTokens: 131_072,
    outputTokens: 65_536,
    inputs: ['text'],
    tools: true,
    reasoning: true,
    price: { input: 0.15, output: 0.6 },
  },
  {
    id: 'openai/gpt-oss-20b',
    name: 'GPT-OSS 20B',
    contextTokens: 131_072,
    outputTokens: 65_536,
    inputs: ['text'],
    tools: true,
    reasoning: true,
    price: { input: 0.075, output: 0.3 },
  },
  {
    id: 'qwen/qwen3.8-27b',
    name: 'Qwen3.8 27B',
    outputTokens: 16_384,
    inputs: ['text', 'image'],
    tools: true,
    reasoning: true,
    price: { input: 0.8, output: 4, cachedInput: 0.4 },
  },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type GroqModel = (typeof MODELS)[number]['id']
