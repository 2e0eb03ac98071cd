import type { Model } from '@rivulet/core'

/**
 * What DeepSeek serves. The prices depend on the hour (between 9 and 12 and between 14 and 18 in Beijing on working days they are
 * twice those of other hours), so none is given.
 *
 * @see https://api-docs.deepseek.com/quick_start/pricing (2026-11-20)
 */
export const MODELS: readonly Model[] = [
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
]
