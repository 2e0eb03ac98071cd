import type { ChatEvent, ChatRequest, ChatResult, Usage } from '../chat.ts'
import { ignoreRejection } from '../async/quietly.ts'
import { checkFunctions, checkOptions } from '../check/check.ts'
import { copyRequest } from '../check/copy-request.ts'
import { mapBatches } from '../layers/map-batches.ts'
import { wrap } from '../layers/wrap.ts'
import { Collector } from './collector.ts'
import { countInput } from './count-input.ts'
import { partialOf } from './partial.ts'
import type { Layer } from '../provider.ts'
import { type Batches, trustedStream } from '../stream.ts'
import { streamOf } from '../stream-of.ts'

/** Counts the tokens of a text. */
export type CountTokens = (text: string) => number

export interface EstimateUsageOptions {
  /** @default gpt-tokenizer's `o200k_base`, loaded at the first read: install `gpt-tokenizer` in your project */
  countTokens?: CountTokens | undefined
}

const OPTIONS: Readonly<Record<keyof EstimateUsageOptions, true>> = { countTokens: true }

/** Tokenizers are quadratic in the length of a word: longer ones are split, which adds at most one token per split. */
const MAX_WORD_CHARACTERS = 256
/** How much of a text is counted; the count of a longer text is extrapolated. */
const MAX_CHARACTERS = 1024 * 1024

/**
 * Estimates the usage of an answer whose endpoint reports none, marked `source: 'estimated'`; also for the `partial` of a
 * failure or an abort. Reported usage stays as it is. No provider has this layer by default: an estimate costs CPU and is not a bill.
 *
 * @example
 * import { estimateUsage } from '@rivulet/core/estimate'
 * const counted = pipe(lockchat(), estimateUsage())
 */
export function estimateUsage(options: EstimateUsageOptions = {}): Layer {
  checkOptions('estimateUsage', options, OPTIONS)
  checkFunctions('estimateUsage', { countTokens: options.countTokens })
  let counter = options.countTokens
  const load = async (): Promise<CountTokens> => (counter ??= await tokenizer())
  return (next) =>
    wrap(next, {
      stream(request, call) {
        const inner = streamOf(next, request, call)
        const asked = copyRequest(request)
        return trustedStream(call?.signal, () => estimated(inner, asked, load, call?.signal))
      },
    })
}

async function tokenizer(): Promise<CountTokens> {
  try {
    return (await import('gpt-tokenizer')).countTokens
  } catch (cause) {
    throw new TypeError('estimateUsage: install gpt-tokenizer, or pass countTokens.', { cause })
  }
}

function estimated(
  inner: AsyncIterable<ChatEvent>,
  request: ChatRequest,
  load: () => Promise<CountTokens>,
  signal: AbortSignal | undefined,
): Batches {
  const collector = new Collector()
  const stream = mapBatches(inner, {
    signal,
    batch: async (events) => {
      for (const event of events) collector.add(event)
      const last = events.at(-1)
      if (last?.type !== 'finish' || last.usage !== undefined) return events
      const usage = estimate(request, collector.result(), await load())
      return usage === undefined ? events : [...events.slice(0, -1), { ...last, usage }]
    },
    error: async (error) => {
      const partial = partialOf(error)
      if (partial === undefined || partial.usage !== undefined) return
      const usage = estimate(request, partial, await load())
      if (usage !== undefined) partial.usage = usage
    },
  })
  return {
    async next() {
      // Load before the first read, because a later abort must not wait for it.
      await load()
      return stream.next()
    },
    close() {
      stream.close()
    },
  }
}

/** Counts the tokens of a request and its answer; `undefined` when the counter fails, which is no fault of the answer. */
function estimate(request: ChatRequest, result: ChatResult, countTokens: CountTokens): Usage | undefined {
  try {
    const usage = countAll(request, result, countTokens)
    return Number.isFinite(usage.inputTokens) && Number.isFinite(usage.outputTokens) ? usage : undefined
  } catch {
    return undefined
  }
}

function countAll(request: ChatRequest, result: ChatResult, countTokens: CountTokens): Usage {
  const count = (text: string): number => countBounded(text, countTokens)
  const toolCalls = result.toolCalls.map(({ name, input }) => name + input).join('\n')
  const reasoningTokens = result.reasoning === undefined ? undefined : count(result.reasoning)
  const outputTokens = count(result.text) + count(toolCalls) + (reasoningTokens ?? 0)
  return {
    inputTokens: countInput(request, count),
    outputTokens,
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    source: 'estimated',
  }
}

function countBounded(text: string, countTokens: CountTokens): number {
  if (text === '') return 0
  const counted = text.slice(0, MAX_CHARACTERS)
  const parts = counted.match(PARTS) ?? []
  const tokens = parts.reduce((sum, part) => {
    const count: unknown = countTokens(part)
    if (typeof count === 'number') return sum + count
    ignoreRejection(count)
    throw new TypeError('countTokens must return a number')
  }, 0)
  return Math.round((tokens * text.length) / counted.length)
}

/** A word with the white space before it, as tokenizers split text; bounded in length. */
const PARTS = new RegExp(`\\s{0,64}\\S{1,${MAX_WORD_CHARACTERS}}|\\s{1,64}`, 'g')
