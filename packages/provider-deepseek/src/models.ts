import type { Model } from '@rivulet/core'

/**
 * The models that DeepSeek serves. Prices depend on the hour, so none is given: on working days from 9 to 12 and from 14 to
 * 18 in Beijing they are twice as high.
 *
 * @see https://api-docs.deepseek.com/quick_start/pricing (2026-11-20)
 */
export const MODELS = [
  {
    id: 'deepseek-flash',
    name: 'DeepSeek V4.1 Flash',
    contextTokens: 1_000_000,
    outputTokens: 384_000,
    inputs: ['text', 'image'],
    tools: true,
    reasoning: true,
  },
  {
    id: 'deepseek-v4-pro',
    name: 'DeepSeek V4 Pro',
    contextTokens: 1_000_000,
    outputTokens: 384_000,
    inputs: ['text'],
    tools: true,
    reasoning: true,
  },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type DeepseekModel = (typeof MODELS)[number]['id']
