import type { Model } from '@rivulet/core'

/**
 * The chat models that Mistral serves; `models()` lists all of them. Mistral Large 4 is a preview whose price will change, so
 * none is given.
 *
 * @see https://docs.mistral.ai/getting-started/models (2026-11-20)
 */
export const MODELS = [
  {
    id: 'mistral-large-4',
    name: 'Mistral Large 4',
    contextTokens: 1_048_576,
    inputs: ['text', 'image', 'file'],
    tools: true,
    reasoning: true,
  },
  {
    id: 'mistral-medium-3-5',
    name: 'Mistral Medium 3.5',
    contextTokens: 262_144,
    inputs: ['text', 'image', 'file'],
    tools: true,
    reasoning: true,
    price: { input: 1.5, output: 7.5 },
  },
  { id: 'mistral-small-latest', name: 'Mistral Small', inputs: ['text', 'image', 'file'], tools: true },
  {
    id: 'codestral-latest',
    name: 'Codestral',
    contextTokens: 256_000,
    inputs: ['text'],
    tools: true,
    reasoning: false,
    price: { input: 0.3, output: 0.9 },
  },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type MistralModel = (typeof MODELS)[number]['id']
