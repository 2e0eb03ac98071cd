import type { ChatEvent, ChatRequest, ChatResult, Usage } from '../chat.ts'
import { mapBatches } from '../layers/map-batches.ts'
import { wrap } from '../layers/wrap.ts'
import { Collector } from './collect.ts'
import { partialOf } from './partial.ts'
import type { Layer } from '../provider.ts'
import { type Batches, chatStream } from '../stream.ts'

/** Gives the number of tokens of a text. */
export type CountTokens = (text: string) => number

export interface EstimateUsageOptions {
  /** @default gpt-tokenizer's `o200k_base`, loaded at the first estimate: install `gpt-tokenizer` beside this package */
  countTokens?: CountTokens | undefined
}

/** Tokenizers are quadratic in the length of a word: longer ones are cut, which costs a token for each cut at most. */
const MAX_WORD = 256
/** What is counted at most; of what is longer, the count is scaled up. */
const MAX_CHARACTERS = 1024 * 1024
/** What a message costs beside its text: its role and its borders. */
const TOKENS_PER_MESSAGE = 4

/**
 * Fills in the usage of an answer whose endpoint reports none, marked `source: 'estimated'`; also that of the `partial` of a
 * failure or an abort. What was reported is left as it is. Off unless you put it there: an estimate costs CPU and is not a
 * bill.
 *
 * @example
 * import { estimateUsage } from '@rivulet/core/estimate'
 * const counted = pipe(lockchat(), estimateUsage())
 */
export function estimateUsage(options: EstimateUsageOptions = {}): Layer {
  let counter = options.countTokens
  const load = async (): Promise<CountTokens> => (counter ??= await tokenizer())
  return (next) =>
    wrap(next, {
      stream(request, call) {
        const inner = next.stream(request, call)
        return chatStream(call?.signal, () => estimated(inner, request, load))
      },
    })
}

async function tokenizer(): Promise<CountTokens> {
  try {
    return (await import('gpt-tokenizer')).countTokens
  } catch (cause) {
    throw new TypeError('estimateUsage: install gpt-tokenizer, or give countTokens.', { cause })
  }
}

function estimated(inner: AsyncIterable<ChatEvent>, request: ChatRequest, load: () => Promise<CountTokens>): Batches {
  const collector = new Collector()
  const stream = mapBatches(inner, {
    batch: async (events) => {
      for (const event of events) collector.add(event)
      const last = events.at(-1)
      if (last?.type !== 'finish' || last.usage !== undefined) return events
      const usage = estimate(request, collector.result(), await load())
      return [...events.slice(0, -1), { ...last, usage }]
    },
    error: async (error) => {
      const partial = partialOf(error)
      if (partial !== undefined && partial.usage === undefined) partial.usage = estimate(request, partial, await load())
      return error
    },
  })
  return {
    async next() {
      // Before the first read: loading takes a moment, once, and an abort later must not wait for it.
      await load()
      return stream.next()
    },
    close() {
      stream.close()
    },
  }
}

/** The usage of a request and what it brought, by count. */
function estimate(request: ChatRequest, result: ChatResult, countTokens: CountTokens): Usage {
  const count = (text: string): number => countBounded(text, countTokens)
  const inputTokens = request.messages.reduce((sum, { content }) => {
    const text =
      typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
    return sum + TOKENS_PER_MESSAGE + count(text)
  }, 0)
  const called = result.toolCalls.map(({ name, json }) => name + json).join('\n')
  const reasoningTokens = result.reasoning === undefined ? undefined : count(result.reasoning)
  const outputTokens = count(result.text) + count(called) + (reasoningTokens ?? 0)
  return {
    inputTokens,
    outputTokens,
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'estimated',
  }
}

function countBounded(text: string, countTokens: CountTokens): number {
  if (text === '') return 0
  const counted = text.slice(0, MAX_CHARACTERS)
  const parts = counted.match(PARTS) ?? []
  const tokens = parts.reduce((sum, part) => sum + countTokens(part), 0)
  return Math.round((tokens * text.length) / counted.length)
}

/** A word with the white space before it, as tokenizers part text themselves; never more than a long word. */
const PARTS = new RegExp(`\\s{0,64}\\S{1,${MAX_WORD}}|\\s{1,64}`, 'g')
