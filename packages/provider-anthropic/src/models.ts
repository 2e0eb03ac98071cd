import type { Model, Price } from '@rivulet/core'
import type { MessagesModel } from '@rivulet/protocol-anthropic'

/** A model, and how its thinking and its tools are requested. */
export type ClaudeModel = Model & Pick<MessagesModel, 'thinking' | 'efforts' | 'forcedTools'>

const READS = { inputs: ['text', 'image', 'file'], tools: true, reasoning: true } as const
/**
 * US dollars per million tokens. Writing to the cache costs 1.25 times the input for five minutes, and twice the input for an
 * hour, with every model.
 */
const price = (input: number, output: number, more: Partial<Price> = {}): Price => ({
  input,
  output,
  cacheWrite: input * 1.25,
  cacheWrite1h: input * 2,
  ...more,
})

/** What the models before 4.6 continue: a last message of the assistant's, while they do not think. Later ones refuse it. */
const WHILE_SILENT = ['default', 'none'] as const
/** What the models before `xhigh` have. */
const WITHOUT_XHIGH = { efforts: ['low', 'medium', 'high', 'max'] } as const
/** The limits of all models since Opus 4.6 and Sonnet 4.6. */
const LONG = { contextTokens: 1_000_000, outputTokens: 128_000, ...READS } as const

/**
 * The models that Anthropic serves, newest first.
 *
 * Facts of 2026-11-20.
 *
 * @see https://platform.claude.com/docs/en/about-claude/models/overview
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking which models take which thinking, and refuse forced tools
 * @see https://platform.claude.com/docs/en/about-claude/models/migration-guide which refuse a prefill (2026-11-28)
 * @see https://platform.claude.com/docs/en/build-with-claude/effort which models have which efforts
 */
export const MODELS = [
  {
    id: 'claude-fable-5-2',
    name: 'Claude Fable 5.2',
    ...LONG,
    price: price(8, 40),
    thinking: 'always',
    forcedTools: false,
  },
  {
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    ...LONG,
    price: price(4, 20, { cachedInput: 0.2 }),
    thinking: 'always',
    forcedTools: false,
  },
  {
    id: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    ...LONG,
    price: price(2, 10, { cachedInput: 0.1 }),
    thinking: 'between-tools',
    forcedTools: false,
  },
  {
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    ...LONG,
    // Five times that beyond.
    price: price(0.1, 0.5, { upToInputTokens: 100_000 }),
    thinking: 'adaptive',
  },
  {
    id: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    ...LONG,
    price: price(10, 50, { cachedInput: 0.25 }),
    thinking: 'always',
    forcedTools: false,
  },
  {
    id: 'claude-fable-5',
    name: 'Claude Fable 5',
    ...LONG,
    price: price(10, 50, { cachedInput: 1 }),
    thinking: 'always',
    forcedTools: false,
  },
  {
    id: 'claude-opus-5',
    name: 'Claude Opus 5',
    ...LONG,
    price: price(5, 25, { cachedInput: 0.5 }),
    thinking: 'adaptive',
  },
  {
    id: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    ...LONG,
    price: price(2, 10, { cachedInput: 0.2 }),
    thinking: 'adaptive',
  },
  {
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    ...LONG,
    price: price(5, 25, { cachedInput: 0.5 }),
    thinking: 'adaptive',
  },
  {
    id: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    ...LONG,
    price: price(5, 25, { cachedInput: 0.5 }),
    thinking: 'adaptive',
  },
  {
    id: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    ...LONG,
    price: price(5, 25, { cachedInput: 0.5 }),
    thinking: 'adaptive',
    ...WITHOUT_XHIGH,
  },
  {
    id: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    ...LONG,
    price: price(3, 15, { cachedInput: 0.3 }),
    thinking: 'adaptive',
    ...WITHOUT_XHIGH,
  },
  {
    id: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    ...READS,
    contextTokens: 200_000,
    outputTokens: 64_000,
    price: price(1, 5, { cachedInput: 0.1 }),
    thinking: 'budget',
    prefill: WHILE_SILENT,
  },
  {
    id: 'claude-opus-4-5',
    name: 'Claude Opus 4.5',
    ...READS,
    contextTokens: 200_000,
    outputTokens: 64_000,
    price: price(5, 25, { cachedInput: 0.5 }),
    thinking: 'budget',
    prefill: WHILE_SILENT,
  },
  {
    id: 'claude-sonnet-4-5',
    name: 'Claude Sonnet 4.5',
    ...READS,
    contextTokens: 200_000,
    outputTokens: 64_000,
    price: price(3, 15, { cachedInput: 0.3 }),
    thinking: 'budget',
    prefill: WHILE_SILENT,
  },
] as const satisfies readonly ClaudeModel[]

/** The names of the models that are known here; the endpoint may serve others. */
export type AnthropicModel = (typeof MODELS)[number]['id']
