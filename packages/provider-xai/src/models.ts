import type { Model } from '@rivulet/core'

/** Beyond it, the request costs twice as much. */
const SHORT = { upToInputTokens: 200_000 } as const

/**
 * The chat models that xAI serves, newest first; `models()` lists all of them.
 *
 * @see https://docs.x.ai/developers/models (2026-11-20)
 */
export const MODELS = [
  {
    id: 'grok-4.7',
    name: 'Grok 4.7',
    contextTokens: 500_000,
    inputs: ['text', 'image'],
    tools: true,
    reasoning: true,
    price: { input: 2, output: 6, cachedInput: 0.5, ...SHORT },
  },
  {
    id: 'grok-4.5',
    name: 'Grok 4.5',
    contextTokens: 500_000,
    inputs: ['text', 'image'],
    tools: true,
    reasoning: true,
    price: { input: 2, output: 6, cachedInput: 0.5, ...SHORT },
  },
  {
    id: 'grok-4.3',
    name: 'Grok 4.3',
    contextTokens: 1_000_000,
    inputs: ['text', 'image'],
    tools: true,
    reasoning: true,
    price: { input: 1.25, output: 2.5, cachedInput: 0.2, ...SHORT },
  },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type XaiModel = (typeof MODELS)[number]['id']
