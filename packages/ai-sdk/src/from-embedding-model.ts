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
import { checkCall, checkOptions, failedStream, unlessAborted, vectorsOf } from '@rivulet/core/provider'
import { checkModel, type FromLanguageModelOptions } from './from-language-model.ts'
import { chatError } from './provider/chat-error.ts'

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
    const { embeddings, usage } = await model.doEmbed(call)
    const vectors = vectorsOf(
      embeddings.map((vector) => ({ vector })),
      call.values.length,
    )
    return { vectors, ...(usage && { inputTokens: usage.tokens }) }
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
        const most = (await model.maxEmbeddingsPerCall) ?? input.length
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
        if (signal?.aborted === true) throw error
        throw chatError(error, { id, hasContent: false })
      }
    },
  }
  return pipe(provider, deadlines(options.deadlines))
}
