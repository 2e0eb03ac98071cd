import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider' //? auth
import { httpProvider } from '@rivulet/core/provider' //? none
import { chatCompletions, type ChatQuirks, chatSettings, modelList } from '@rivulet/protocol-openai'
import { type __Pascal__Model, MODELS } from './models.ts'

export interface __Pascal__Options extends ProviderOptions { //? auth
  /** Sent as `authorization: Bearer …`. @default the environment's __ENV___API_KEY */ //? auth
  apiKey?: string | undefined //? auth
} //? auth
 //? auth
/** How __Name__ differs from its dialect. TODO: each quirk with a date and a source; `ChatQuirks` has all of them. */
const QUIRKS: ChatQuirks = {
  includeUsage: true,
}

/**
 * __Name__. TODO: what it is, its limits and its quirks.
 *
 * Dialect: chat completions. Facts of TODO (a date): __url__
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
        // TODO: the fields that it does not honour, as in { without: ['seed'] }
        settings: chatSettings(),
      },
      protocol: chatCompletions(QUIRKS),
      apiKey: { env: '__ENV___API_KEY', as: bearer }, //? auth
      models: modelList(),
    },
    options,
  )
}
