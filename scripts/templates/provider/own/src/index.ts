import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, detectFraming, httpProvider, settings } from '@rivulet/core/provider' //? auth
import { detectFraming, httpProvider, settings } from '@rivulet/core/provider' //? none
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { type __Pascal__Model, MODELS } from './models.ts'

export interface __Pascal__Options extends ProviderOptions { //? auth
  /** Sent as `authorization: Bearer …`. @default the environment's __ENV___API_KEY */ //? auth
  apiKey?: string | undefined //? auth
} //? auth
 //? auth
/**
 * __Name__. TODO: what it is, its limits and its quirks.
 *
 * Dialect: its own, in encode.ts and decode.ts. Facts of TODO (a date): __url__
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text } = await collect(
 *   __camel__().stream({ model: '__name__-1', messages: [{ role: 'user', content: 'Hello' }] }),
 * )
 */
export function __camel__(options: __Pascal__Options = {}): ProviderWith<never, __Pascal__Model> { //? auth
export function __camel__(options: ProviderOptions = {}): ProviderWith<never, __Pascal__Model> { //? none
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
        settings: settings({ stream: undefined, temperature: undefined }),
      },
      protocol: {
        dialect: '__name__',
        open: (request) => ({ http: encode(request), decode }),
        framing: (contentType) => detectFraming(contentType),
      },
      apiKey: { env: '__ENV___API_KEY', as: bearer }, //? auth
    },
    options,
  )
}
