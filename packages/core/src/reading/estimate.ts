import type { ChatRequest, ChatResult, Usage } from '../chat.ts'
import { Collector } from './collect.ts'
import { partialOf } from './partial.ts'
import type { Layer } from '../provider.ts'
import { type Batches, batchesOf, chatStream } from '../stream.ts'

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
  return (next) => ({
    ...next,
    stream(request, call) {
      const inner = next.stream(request, call)
      return chatStream(call?.signal, () => estimated(batchesOf(inner), request, load))
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

function estimated(inner: Batches, request: ChatRequest, load: () => Promise<CountTokens>): Batches {
  const collector = new Collector()
  return {
    async next() {
      // Before the first read: it takes a moment, once, and an abort later must not wait for it.
      const countTokens = await load()
      try {
        const read = await inner.next()
        if (read.done === true) return read
        for (const event of read.value) collector.add(event)
        const last = read.value.at(-1)
        if (last?.type !== 'finish' || last.usage !== undefined) return read
        const usage = estimate(request, collector.result(), countTokens)
        return { done: false, value: [...read.value.slice(0, -1), { ...last, usage }] }
      } catch (error) {
        const partial = partialOf(error)
        if (partial !== undefined) partial.usage ??= estimate(request, partial, countTokens)
        throw error
      }
    },
    close() {
      inner.close()
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
