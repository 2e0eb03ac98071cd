import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider'
import { chat, type OnBreak, type Provider, type SteadyOptions } from '@rivulet/core'
import { batchesOf, checkOptions, ownAttempts, recoveriesOf, steady } from '@rivulet/core/provider'
import { answerMetadata } from './answer/answer-metadata.ts'
import { apiError, type Asked } from './answer/api-error.ts'
import { contentOf } from './answer/content.ts'
import { finishReason } from './answer/finish-reason.ts'
import { partStream } from './answer/part-stream.ts'
import { PartWriter } from './answer/part-writer.ts'
import { warningsOf } from './answer/warnings.ts'
import { readCall } from './call/read-call.ts'
import { sdkUsage } from './usage.ts'

export interface LanguageModelOptions extends SteadyOptions {
  /**
   * What happens when an answer breaks after its first content. `generateText` starts over, unseen; `streamText` has given parts
   * that can't be taken back, so there `'restart'` is a failure. @default what the provider was told, else `'restart'` for
   * `generateText` and `'fail'` for `streamText`
   */
  onBreak?: OnBreak | readonly OnBreak[] | undefined
  /**
   * The URLs that the provider's endpoints fetch themselves, by media type; `ai` downloads every other.
   *
   * @default none
   * @example { 'image/*': [/^https:/] }
   */
  supportedUrls?: Record<string, RegExp[]> | undefined
}

const OPTIONS: Readonly<Record<keyof LanguageModelOptions, true>> = {
  retry: true,
  deadlines: true,
  onBreak: true,
  supportedUrls: true,
}

/**
 * A provider as a model of the AI SDK 7: `generateText`, `streamText`, tools, objects and agents get its failover, hedging,
 * deadlines and truthful endings. Its events become stream parts in their order; a failure after the first content is an `error`
 * part and a `finish` that says `interrupted` or `error`.
 *
 * `doStream` asks the provider once, and rejects until the first content has come, so that `ai` may ask again. `doGenerate` asks
 * a lone provider at most three times, as `chat(provider).complete()` does. Where attempts have been made, an error is not
 * retryable: `ai` adds none of its own.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * import { streamText } from 'ai'
 * const river = failover([openai(), anthropic()])
 * const { textStream } = streamText({ model: asLanguageModel(river, 'gpt-6.1-terra'), prompt: 'Hello' })
 */
export function asLanguageModel(
  provider: Provider,
  modelId: string,
  options: LanguageModelOptions = {},
): LanguageModelV4 {
  checkOptions('asLanguageModel', options, OPTIONS)
  const { supportedUrls = {}, ...plain } = options
  const { complete } = chat(provider, plain)
  const { deadlines, onBreak = ownAttempts(provider)?.onBreak } = plain
  const once = steady(provider, { retry: false, deadlines })
  const delivered = recoveriesOf('asLanguageModel', onBreak).includes('continue') ? 'continue' : 'fail'
  const asked: Asked = { provider, modelId }
  const isRetryable = ownAttempts(provider) === undefined

  return {
    specificationVersion: 'v4',
    provider: provider.id,
    modelId,
    supportedUrls,
    async doGenerate(callOptions: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
      const { request, call, warnings } = readCall(provider, modelId, callOptions)
      try {
        const result = await complete(request, { ...call, raw: false })
        return {
          content: contentOf(result.content, result),
          // It is whole, so it has a reason.
          finishReason: finishReason(result.reason ?? 'other'),
          usage: sdkUsage(result.usage),
          warnings: [...warnings, ...warningsOf(result.dropped)],
          providerMetadata: answerMetadata(result),
          response: { modelId: result.model, ...(result.id !== undefined && { id: result.id }) },
        }
      } catch (error) {
        throw apiError(error, asked, false)
      }
    },
    async doStream(callOptions: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
      const { request, call, warnings } = readCall(provider, modelId, callOptions)
      const stream = once.stream(request, { ...call, onBreak: delivered })
      return {
        stream: await partStream({
          batches: batchesOf(stream, call.signal),
          writer: new PartWriter({ provider: provider.id, model: modelId }, warnings),
          signal: call.signal,
          failed: (error) => apiError(error, asked, isRetryable),
        }),
      }
    },
  }
}
