import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { apiKeyHeader, httpProvider, settings } from '@rivulet/core/provider' //? auth
import { httpProvider, settings } from '@rivulet/core/provider' //? none
import { gemini, modelList } from '@rivulet/protocol-google'
import { type __Pascal__Model, MODELS } from './models.ts'

export interface __Pascal__Options extends ProviderOptions { //? auth
  /** Sent as `x-goog-api-key`, never in the URL. @default the environment's __ENV___API_KEY */ //? auth
  apiKey?: string | undefined //? auth
} //? auth
 //? auth
/**
 * __Name__. TODO: what it is, its limits and its quirks.
 *
 * Dialect: `generateContent`, version `v1beta`. Facts of TODO (a date): __url__
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text } = await collect(
 *   __camel__().stream({ model: '__name__-1', messages: [{ role: 'user', content: 'Hello' }] }),
 * )
 */
export function __camel__(options: __Pascal__Options = {}): ProviderWith<'models', __Pascal__Model> { //? auth
export function __camel__(options: ProviderOptions = {}): ProviderWith<'models', __Pascal__Model> { //? none
  return httpProvider(
    {
      id: '__name__',
      baseUrl: '__url__',
      info: {
        name: '__Name__',
        url: '__url__',
        auth: '__auth__',
        streaming: true,
        models: MODELS,
        // TODO: the fields that it honours, each with the default that is sent, or undefined when none is sent
        settings: settings({
          stream: undefined,
          temperature: undefined,
          topP: undefined,
          topK: undefined,
          maxTokens: undefined,
          stop: undefined,
          seed: undefined,
          presencePenalty: undefined,
          frequencyPenalty: undefined,
          tools: undefined,
          toolChoice: undefined,
          responseFormat: undefined,
          reasoning: undefined,
        }),
      },
      // TODO: the levels at which each model thinks; GeminiModel has the facts.
      protocol: gemini({ provider: '__name__', models: MODELS }),
      apiKey: { env: '__ENV___API_KEY', as: (key) => apiKeyHeader('x-goog-api-key', key) }, //? auth
      models: modelList(),
    },
    options,
  )
}
