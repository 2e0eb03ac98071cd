import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, modelList } from '@rivulet/protocol-openai'
import { MODELS, type XaiModel } from './models.ts'

export interface XaiOptions extends ProviderOptions {
  /** Sent as `authorization: Bearer …`. @default the environment's XAI_API_KEY */
  apiKey?: string | undefined
}

/** https://docs.x.ai/developers/rest-api-reference/inference/chat (2026-11-20) */
const QUIRKS: ChatQuirks = {
  includeUsage: true,
  maxTokens: 'max_completion_tokens',
  files: 'none',
  efforts: {
    none: { reasoning_effort: 'none' },
    low: { reasoning_effort: 'low' },
    medium: { reasoning_effort: 'medium' },
    high: { reasoning_effort: 'high' },
  },
  errors: [
    // With status 403 or 429: "Your team … has either used all available credits or reached its monthly spending limit."
    { pattern: /used all available credits|spending limit|doesn't have any credits/i, code: 'quota' },
    { pattern: /violates usage guidelines|SAFETY_CHECK/, code: 'content-filter' },
  ],
}

/**
 * xAI. Its models think, and refuse `stop` and both penalties; what a request cost is in its usage. They do not show their reasoning in this dialect.
 *
 * Dialect: chat completions. Facts of 2026-11-20: https://docs.x.ai/developers
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text } = await collect(xai().stream({ model: 'grok-4.7', messages: [{ role: 'user', content: 'Hello' }] }))
 */
export function xai(options: XaiOptions = {}): ProviderWith<'models', XaiModel> {
  return httpProvider(
    {
      id: 'xai',
      baseUrl: 'https://api.x.ai/v1',
      info: {
        name: 'xAI',
        url: 'https://console.x.ai',
        auth: 'required',
        streaming: true,
        models: MODELS,
        settings: chatSettings({ without: ['stop', 'presencePenalty', 'frequencyPenalty'] }),
      },
      protocol: chatCompletions(QUIRKS),
      apiKey: { env: 'XAI_API_KEY', as: bearer },
      models: modelList(),
    },
    options,
  )
}
