import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider, isRecord } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, embeddings, modelList } from '@rivulet/protocol-openai'
import { type MistralModel, MODELS } from './models.ts'

export interface MistralOptions extends ProviderOptions {
  /** Sent as `authorization: Bearer …`. @default the environment's MISTRAL_API_KEY */
  apiKey?: string | undefined
}

/** https://docs.mistral.ai/api and https://docs.mistral.ai/capabilities/reasoning (2026-11-20) */
const QUIRKS: ChatQuirks = {
  seed: 'random_seed',
  files: 'document_url',
  // "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9."
  shortToolIds: true,
  // "Assistant message must have either content or tool_calls, but not none."
  emptyTurns: 'left-out',
  // "Unexpected role 'user' after role 'tool'."
  userAfterTool: 'answered',
  prefix: true,
  thoughts: { origin: 'mistral', as: 'thinking' },
  efforts: {
    none: { reasoning_effort: 'none' },
    high: { reasoning_effort: 'high' },
  },
  errors: [
    { pattern: /"type":"invalid_model"/, code: 'not-found' },
    { pattern: /capacity_exceeded/, code: 'overloaded' },
  ],
}

/**
 * Mistral. Reasoning is on or off: every effort but `'none'` is sent as `high`. When the last message is the assistant's,
 * the answer continues it (prefill).
 *
 * Dialect: chat completions, content in parts. Facts of 2026-11-20: https://docs.mistral.ai/api
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const stream = mistral({ apiKey }).stream({ model: 'mistral-medium-3-5', messages: [{ role: 'user', content: 'Bonjour' }] })
 * for await (const text of textOf(stream)) process.stdout.write(text)
 */
export function mistral(options: MistralOptions = {}): ProviderWith<'models' | 'embed', MistralModel> {
  return httpProvider(
    {
      id: 'mistral',
      baseUrl: 'https://api.mistral.ai/v1',
      info: {
        name: 'Mistral',
        url: 'https://console.mistral.ai',
        auth: 'required',
        streaming: true,
        models: MODELS,
        prefill: true,
        settings: chatSettings(),
      },
      protocol: chatCompletions(QUIRKS),
      apiKey: { env: 'MISTRAL_API_KEY', as: bearer },
      models: modelList(({ name, max_context_length: context, capabilities }) => {
        const can = isRecord(capabilities) ? capabilities : {}
        if (can.completion_chat === false) return undefined
        return {
          ...(typeof name === 'string' && { name }),
          ...(typeof context === 'number' && { contextTokens: context }),
          ...(typeof can.function_calling === 'boolean' && { tools: can.function_calling }),
          ...(typeof can.vision === 'boolean' && { inputs: can.vision ? ['text', 'image'] : ['text'] }),
        }
      }),
      embeddings: embeddings({ dimensions: 'output_dimension' }),
    },
    options,
  )
}
