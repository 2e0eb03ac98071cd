import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, embeddings, modelList } from '@rivulet/protocol-openai'
import { describeModel, MODELS, type OpenrouterModel } from './models.ts'

export interface OpenrouterOptions extends ProviderOptions {
  /** Sent as `authorization: Bearer …`. @default the environment's OPENROUTER_API_KEY */
  apiKey?: string | undefined
}

/**
 * https://openrouter.ai/docs/use-cases/reasoning-tokens and /api-reference/errors (2026-11-20); marks for the cache, results in
 * parts and efforts: https://openrouter.ai/docs/client-sdks/typescript/models (2026-11-28)
 */
const QUIRKS: ChatQuirks = {
  thoughts: { origin: 'openrouter', as: 'reasoning_details' },
  cacheControl: true,
  toolResults: 'parts',
  topK: true,
  efforts: {
    none: { reasoning: { effort: 'none' } },
    minimal: { reasoning: { effort: 'minimal' } },
    low: { reasoning: { effort: 'low' } },
    medium: { reasoning: { effort: 'medium' } },
    high: { reasoning: { effort: 'high' } },
    xhigh: { reasoning: { effort: 'xhigh' } },
    max: { reasoning: { effort: 'max' } },
  },
  errors: [
    // Status 403 is otherwise a key without permission; here the input was flagged.
    { pattern: /"flagged_input"|requires moderation/, code: 'content-filter' },
  ],
}

/**
 * OpenRouter, which forwards requests to other providers. It silently drops a request field that a model does not support.
 * Reasoning goes back unchanged, and `cache` on a message, a part or a tool marks the end of a cached prompt.
 *
 * Dialect: chat completions. Facts of 2026-11-20: https://openrouter.ai/docs
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const stream = openrouter({ apiKey }).stream({ model: 'openrouter/auto', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const text of textOf(stream)) process.stdout.write(text)
 */
export function openrouter(options: OpenrouterOptions = {}): ProviderWith<'models' | 'embed', OpenrouterModel> {
  return httpProvider(
    {
      id: 'openrouter',
      baseUrl: 'https://openrouter.ai/api/v1',
      info: {
        name: 'OpenRouter',
        url: 'https://openrouter.ai',
        auth: 'required',
        streaming: true,
        models: MODELS,
        settings: chatSettings({ topK: true }),
      },
      protocol: chatCompletions(QUIRKS),
      apiKey: { env: 'OPENROUTER_API_KEY', as: bearer },
      models: modelList(describeModel),
      embeddings: embeddings(),
    },
    options,
  )
}
