import type { Model } from '@rivulet/core'
import type { GeminiModel } from '@rivulet/protocol-google'

const THINKS = ['low', 'medium', 'high'] as const
const THINKS_MINIMALLY = ['minimal', 'low', 'medium', 'high'] as const
/** The limits of every model since Gemini 3. */
const LONG = {
  contextTokens: 1_048_576,
  outputTokens: 65_536,
  inputs: ['text', 'image', 'file'],
  tools: true,
  reasoning: true,
} as const

/**
 * The models of the Gemini API, newest first, with the thinking levels that each accepts. `outputTokens` is the limit of one
 * request, without a continuation. Introductory prices are those of the date below.
 *
 * Facts of 2026-11-20.
 *
 * @see https://ai.google.dev/gemini-api/docs/models
 * @see https://ai.google.dev/gemini-api/docs/pricing
 */
export const MODELS = [
  { id: 'gemini-4-neon', name: 'Gemini 4 Neon', ...LONG, price: { input: 3, output: 15 }, levels: THINKS },
  {
    id: 'gemini-4-argon',
    name: 'Gemini 4 Argon',
    ...LONG,
    // Until 2026-11-30; then 4, 20 and 0.20.
    price: { input: 2, output: 10, cachedInput: 0.1 },
    levels: THINKS,
  },
  {
    id: 'gemini-3.8-flash',
    name: 'Gemini 3.8 Flash',
    ...LONG,
    // Until 2026-12-31; then 1.50, 7.50 and 0.15.
    price: { input: 0.75, output: 3.75, cachedInput: 0.075 },
    levels: THINKS,
  },
  {
    id: 'gemini-3.6-flash',
    name: 'Gemini 3.6 Flash',
    ...LONG,
    // Until 2026-12-31; then 1.50, 7.50 and 0.15.
    price: { input: 0.75, output: 3.75, cachedInput: 0.075 },
    levels: THINKS_MINIMALLY,
  },
  {
    id: 'gemini-3.5-flash-lite',
    name: 'Gemini 3.5 Flash-Lite',
    ...LONG,
    price: { input: 0.3, output: 2.5, cachedInput: 0.03 },
    levels: THINKS_MINIMALLY,
  },
  {
    id: 'gemini-3.5-flash',
    name: 'Gemini 3.5 Flash',
    ...LONG,
    price: { input: 1.5, output: 9, cachedInput: 0.15 },
    levels: THINKS_MINIMALLY,
  },
  {
    id: 'gemini-3.1-pro-preview',
    name: 'Gemini 3.1 Pro (preview)',
    ...LONG,
    // 4 and 18 above that.
    price: { input: 2, output: 12, upToInputTokens: 200_000 },
    levels: THINKS,
  },
] as const satisfies readonly (Model & GeminiModel)[]

/** The names of the models that are known here; the endpoint may serve others. */
export type GoogleModel = (typeof MODELS)[number]['id']
