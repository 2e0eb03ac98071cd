import type { Model } from '@rivulet/core'
import type { ThinkingStyle } from '@rivulet/protocol-anthropic'

/** A model, and how its thinking is requested. */
export interface ClaudeModel extends Model {
  /** @default 'adaptive' */
  thinking?: ThinkingStyle
}

const READS = { inputs: ['text', 'image', 'file'], tools: true, reasoning: true } as const
/** The limits of all models since Opus 4.6 and Sonnet 4.6. */
const LONG = { contextTokens: 1_000_000, outputTokens: 128_000, ...READS } as const

/**
 * The models that Anthropic serves, newest first. `cachedInput` is the price of reading the cache; writing to it costs 1.25 times the
 * input.
 *
 * Facts of 2026-11-20.
 *
 * @see https://platform.claude.com/docs/en/about-claude/models/overview
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking which models take which thinking
 */
export const MODELS: readonly ClaudeModel[] = [
  {
    id: 'claude-fable-5-2',
    name: 'Claude Fable 5.2',
    ...LONG,
    price: { input: 8, output: 40 },
    thinking: 'always',
  },
  {
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    ...LONG,
    price: { input: 4, output: 20, cachedInput: 0.2 },
    thinking: 'always',
  },
  {
    id: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    ...LONG,
    price: { input: 2, output: 10, cachedInput: 0.1 },
    thinking: 'between-tools',
  },
  {
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    ...LONG,
    // Five times that beyond.
    price: { input: 0.1, output: 0.5, upToInputTokens: 100_000 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    ...LONG,
    price: { input: 10, output: 50, cachedInput: 0.25 },
    thinking: 'always',
  },
  {
    id: 'claude-fable-5',
    name: 'Claude Fable 5',
    ...LONG,
    price: { input: 10, output: 50, cachedInput: 1 },
    thinking: 'always',
  },
  {
    id: 'claude-opus-5',
    name: 'Claude Opus 5',
    ...LONG,
    price: { input: 5, output: 25, cachedInput: 0.5 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    ...LONG,
    price: { input: 2, output: 10, cachedInput: 0.2 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    ...LONG,
    price: { input: 5, output: 25, cachedInput: 0.5 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    ...LONG,
    price: { input: 5, output: 25, cachedInput: 0.5 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    ...LONG,
    price: { input: 5, output: 25, cachedInput: 0.5 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    ...LONG,
    price: { input: 3, output: 15, cachedInput: 0.3 },
    thinking: 'adaptive',
  },
  {
    id: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    ...READS,
    contextTokens: 200_000,
    outputTokens: 64_000,
    price: { input: 1, output: 5, cachedInput: 0.1 },
    thinking: 'budget',
  },
  {
    id: 'claude-opus-4-5',
    name: 'Claude Opus 4.5',
    ...READS,
    contextTokens: 200_000,
    outputTokens: 64_000,
    price: { input: 5, output: 25, cachedInput: 0.5 },
    thinking: 'budget',
  },
  {
    id: 'claude-sonnet-4-5',
    name: 'Claude Sonnet 4.5',
    ...READS,
    contextTokens: 200_000,
    outputTokens: 64_000,
    price: { input: 3, output: 15, cachedInput: 0.3 },
    thinking: 'budget',
  },
]
