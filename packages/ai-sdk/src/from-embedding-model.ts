import type { EmbeddingModelV4, EmbeddingModelV4CallOptions } from '@ai-sdk/provider'
import {
  type CallOptions,
  ChatError,
  deadlines,
  type EmbedRequest,
  type EmbedResult,
  pipe,
  type ProviderWith,
} from '@rivulet/core'
import { checkCall, checkOptions, failedStream, isRecord, unlessAborted, vectorsOf } from '@rivulet/core/provider'
import { checkModel, type FromLanguageModelOptions } from './from-language-model.ts'
import { chatError } from './provider/chat-error.ts'
import { countOf } from './usage.ts'

const OPTIONS: Readonly<Record<keyof FromLanguageModelOptions, true>> = { id: true, deadlines: true }

/**
 * An embedding model of the AI SDK 7 as a provider that embeds, for groups and layers. It embeds with its model, whatever name a
 * request asks for, in as many calls as the model needs. It has no answers: `stream()` fails with `unsupported`.
 *
 * @throws TypeError for anything but a model of specification `v4`, and for an unknown option.
 * @example
 * import { openai as theirs } from '@ai-sdk/openai'
 * const { vectors } = await fromEmbeddingModel(theirs.embedding('text-embedding-3-small')).embed({ model: 'any', input: ['Hello'] })
 */
export function fromEmbeddingModel(
  model: EmbeddingModelV4,
  options: FromLanguageModelOptions = {},
): ProviderWith<'embed'> {
  checkModel('fromEmbeddingModel', model)
  checkOptions('fromEmbeddingModel', options, OPTIONS)
  const { id = model.provider } = options
  const ask = async (call: EmbeddingModelV4CallOptions): Promise<EmbedResult> => {
    // Nothing holds a model to its types.
    const answer: unknown = await model.doEmbed(call)
    const { embeddings, usage } = isRecord(answer) ? answer : {}
    const received: unknown[] = Array.isArray(embeddings) ? embeddings : []
    const vectors = vectorsOf(
      received.map((vector) => ({ vector })),
      call.values.length,
    )
    const inputTokens = countOf(usage, 'tokens')
    return { vectors, ...(inputTokens !== undefined && { inputTokens }) }
  }
  const provider: ProviderWith<'embed'> = {
    id,
    info: {
      name: id,
      url: 'https://ai-sdk.dev/providers',
      auth: 'optional',
      streaming: false,
      models: [{ id: model.modelId }],
      settings: [],
    },
    stream(_request, call = {}) {
      const words = `${id}: its model embeds and gives no answers. Use a provider that does.`
      return failedStream(call.signal, new ChatError('unsupported', words, { provider: id }))
    },
    async embed({ input, dimensions }: EmbedRequest, call: CallOptions = {}): Promise<EmbedResult> {
      const headers = checkCall(id, call, 'embed')
      const { signal } = call
      const common = {
        headers,
        ...(dimensions !== undefined && { dimensions }),
        ...(signal && { abortSignal: signal }),
      }
      try {
        const stated = (await model.maxEmbeddingsPerCall) ?? 0
        // A count that is none, such as 0, would embed nothing, or for ever.
        const most = stated >= 1 ? Math.floor(stated) : input.length
        const results: EmbedResult[] = []
        for (let at = 0; at < input.length; at += most) {
          const values = input.slice(at, at + most)
          results.push(await unlessAborted(ask({ ...common, values }), signal))
        }
        const counts = results.map(({ inputTokens }) => inputTokens)
        const total = counts.reduce<number>((sum, count = 0) => sum + count, 0)
        const vectors = results.flatMap((result) => result.vectors)
        return { vectors, ...(!counts.includes(undefined) && { inputTokens: total }) }
      } catch (error) {
        // The caller's own reason, whatever the model rejects with.
        throw signal?.aborted === true ? signal.reason : chatError(error, { id, hasContent: false })
      }
    },
  }
  return pipe(provider, deadlines(options.deadlines))
}
