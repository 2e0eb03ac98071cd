import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, modelList, type PrefixQuirk } from '@rivulet/protocol-openai'
import { type DeepseekModel, MODELS } from './models.ts'

export interface DeepseekOptions extends ProviderOptions {
  /** Sent as `authorization: Bearer …`. @default the environment's DEEPSEEK_API_KEY */
  apiKey?: string | undefined
}

const thinking = (effort: 'low' | 'high' | 'max'): Record<string, unknown> => ({
  thinking: { type: 'enabled' },
  reasoning_effort: effort,
})

/**
 * While it thinks, it needs the thoughts that led to the prefix, which no other member has.
 * https://api-docs.deepseek.com/guides/chat_prefix_completion (2026-11-28)
 */
const PREFIX = { as: 'prefix', path: '/beta/chat/completions', efforts: ['none'] } as const satisfies PrefixQuirk

/** https://api-docs.deepseek.com/guides/thinking_mode (2026-11-28) and /quick_start/error_codes (2026-11-20) */
const QUIRKS: ChatQuirks = {
  includeUsage: true,
  schemas: 'none',
  files: 'none',
  prefix: PREFIX,
  // Without it, a turn that called tools is refused: "The reasoning_content in the thinking mode must be passed back".
  thoughts: { origin: 'deepseek', as: 'reasoning_content', neededWithTools: true },
  efforts: {
    none: { thinking: { type: 'disabled' } },
    low: thinking('low'),
    high: thinking('high'),
    max: thinking('max'),
  },
  errors: [{ pattern: /Content Exists Risk/i, code: 'content-filter' }],
}

/**
 * DeepSeek. It thinks unless the request says `reasoning: 'none'`; while it thinks, temperature and penalties have no
 * effect; while it does not, an answer continues a last message of the assistant's. It does not honour `seed` and `parallelToolCalls`, and has no schemas, files or embeddings.
 *
 * Dialect: chat completions. Facts of 2026-11-20: https://api-docs.deepseek.com
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text, reasoning } = await collect(
 *   deepseek().stream({ model: 'deepseek-flash', messages: [{ role: 'user', content: 'Hello' }] }),
 * )
 */
export function deepseek(options: DeepseekOptions = {}): ProviderWith<'models', DeepseekModel> {
  return httpProvider(
    {
      id: 'deepseek',
      baseUrl: 'https://api.deepseek.com',
      info: {
        name: 'DeepSeek',
        url: 'https://platform.deepseek.com',
        auth: 'required',
        streaming: true,
        models: MODELS,
        prefill: PREFIX.efforts,
        settings: chatSettings({ without: ['seed', 'parallelToolCalls'] }),
      },
      protocol: chatCompletions(QUIRKS),
      apiKey: { env: 'DEEPSEEK_API_KEY', as: bearer },
      models: modelList(),
    },
    options,
  )
}
