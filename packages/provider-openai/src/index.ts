import type { Model, ProviderOptions, ProviderWith } from '@rivulet/core'
import { adaptSchema, type AdaptedSchema, bearer, httpProvider, OPENAI_STRICT } from '@rivulet/core/provider'
import {
  chatCompletions,
  chatSettings,
  embeddings,
  type ErrorQuirk,
  modelList,
  responses,
  type ResponsesOptions,
} from '@rivulet/protocol-openai'
import { effortsOf } from './efforts.ts'
import { MODELS, type OpenaiModel } from './models.ts'

export interface OpenaiOptions extends ProviderOptions {
  /** Sent as `authorization: Bearer …`. @default the environment's OPENAI_API_KEY */
  apiKey?: string | undefined
  /**
   * The API: chat completions, or Responses, where encrypted reasoning comes with the answer and goes back in the next turn.
   * Responses has no `stop`, no `seed` and no penalties. @default 'chat'
   */
  api?: 'chat' | 'responses' | undefined
  /** Requests a summary of the reasoning, with `api: 'responses'`. Some organizations have to be verified first. @default none */
  reasoningSummary?: ResponsesOptions['reasoningSummary']
}

/** https://platform.openai.com/docs/guides/error-codes (2026-11-20). `invalid_prompt`: the prompt was blocked. */
const ERRORS: readonly ErrorQuirk[] = [{ pattern: /"code":"invalid_prompt"/, code: 'content-filter' }]

/** https://platform.openai.com/docs/guides/images-vision and /guides/pdf-files (2026-11-20) */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']

/** https://platform.openai.com/docs/api-reference/responses/create (2026-11-20) */
const NOT_IN_RESPONSES = ['stop', 'seed', 'presencePenalty', 'frequencyPenalty'] as const

const strictSchema = (schema: Readonly<Record<string, unknown>>): AdaptedSchema => adaptSchema(schema, OPENAI_STRICT)

/**
 * OpenAI, through either of its two APIs: see {@link OpenaiOptions.api}.
 *
 * Dialect: chat completions or Responses. Facts of 2026-11-20: https://platform.openai.com/docs/api-reference
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text } = await collect(openai().stream({ model: 'gpt-6.1-terra', messages: [{ role: 'user', content: 'Hello' }] }))
 */
export function openai(options: OpenaiOptions = {}): ProviderWith<'models' | 'embed', OpenaiModel> {
  const { api = 'chat', reasoningSummary } = options
  // Callers without types exist.
  const chosen: unknown = api
  if (chosen !== 'chat' && chosen !== 'responses') throw new TypeError(`openai: api must be 'chat' or 'responses'.`)
  const models: readonly Model[] = MODELS
  const thinks = (model: string): boolean => models.some(({ id, reasoning }) => id === model && reasoning === true)
  return httpProvider(
    {
      id: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      info: {
        name: 'OpenAI',
        url: 'https://platform.openai.com',
        auth: 'required',
        streaming: true,
        models,
        settings: chatSettings({ without: api === 'chat' ? [] : NOT_IN_RESPONSES }),
      },
      protocol:
        api === 'chat'
          ? chatCompletions({
              includeUsage: true,
              maxTokens: 'max_completion_tokens',
              // "string too long. Expected a string with maximum length 40"
              maxToolIdLength: 40,
              // https://platform.openai.com/docs/api-reference/chat/create (2026-11-20)
              maxStops: 4,
              customTools: true,
              effortsOf,
              strictSchema,
              files: 'file-data',
              fileTypes: ['application/pdf'],
              imageTypes: IMAGE_TYPES,
              errors: ERRORS,
            })
          : responses({
              origin: 'openai',
              thinks,
              efforts: effortsOf,
              strictSchema,
              imageTypes: IMAGE_TYPES,
              errors: ERRORS,
              ...(reasoningSummary !== undefined && { reasoningSummary }),
            }),
      apiKey: { env: 'OPENAI_API_KEY', as: bearer },
      models: modelList(),
      embeddings: embeddings(),
      ownOptions: { api: true, reasoningSummary: true },
    },
    options,
  )
}
