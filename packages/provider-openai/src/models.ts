import type { Model } from '@rivulet/core'

const GPT_6 = {
  contextTokens: 1_050_000,
  outputTokens: 128_000,
  inputs: ['text', 'image', 'file'],
  tools: true,
  reasoning: true,
} as const

/** Beyond it, the whole request costs about twice as much. */
const SHORT = { upToInputTokens: 272_000 } as const

/**
 * The chat models that OpenAI serves, newest first; `models()` lists all of them.
 *
 * @see https://developers.openai.com/api/docs/pricing (2026-11-20)
 * @see https://developers.openai.com/api/docs/models (2026-11-20)
 */
export const MODELS = [
  { id: 'gpt-6.1-sol', name: 'GPT-6.1 Sol', ...GPT_6, price: { input: 2, output: 10, cachedInput: 0.1, ...SHORT } },
  { id: 'gpt-6.1-terra', name: 'GPT-6.1 Terra', ...GPT_6, price: { input: 1, output: 5, cachedInput: 0.05, ...SHORT } },
  { id: 'gpt-6-astra', name: 'GPT-6 Astra', ...GPT_6, price: { input: 10, output: 50, cachedInput: 1, ...SHORT } },
  { id: 'gpt-6-sol', name: 'GPT-6 Sol', ...GPT_6, price: { input: 2, output: 10, cachedInput: 0.2, ...SHORT } },
  { id: 'gpt-6-luna', name: 'GPT-6 Luna', ...GPT_6, price: { input: 0.1, output: 0.5, cachedInput: 0.01, ...SHORT } },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type OpenaiModel = (typeof MODELS)[number]['id']
