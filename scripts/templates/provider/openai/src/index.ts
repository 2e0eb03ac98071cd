import type { Provider, ProviderInfo, ProviderOptions } from '@rivulet/core'
import { bearer, credential, httpProvider, settings } from '@rivulet/core/provider' //? auth
import { httpProvider, settings } from '@rivulet/core/provider' //? none
import { chatCompletions } from '@rivulet/protocol-openai'

const info: ProviderInfo = {
  name: '__Name__',
  url: '__url__',
  auth: '__auth__',
  streaming: true,
  // TODO: its models, as in { id: 'some-model', name: 'Some Model', contextTokens: 128_000 }
  models: [],
  // TODO: the fields that it supports, each with the default that is sent, or undefined when nothing is sent
  settings: settings({ stream: undefined, temperature: undefined }),
}

export interface __Pascal__Options extends ProviderOptions { //? auth
  /** Sent as `authorization: Bearer …`. @default the environment variable `__ENV___API_KEY` */ //? auth
  apiKey?: string //? auth
} //? auth
 //? auth
/**
 * __Name__. Speaks the chat-completions dialect.
 *
 * Facts: __url__. TODO: limits and quirks. Last verified: TODO.
 *
 * @example
 * const provider = __camel__({ apiKey: 'a key' }) //? auth
 * const provider = __camel__() //? none
 */
export function __camel__(options: __Pascal__Options = {}): Provider { //? auth
export function __camel__(options: ProviderOptions = {}): Provider { //? none
  const { apiKey: given, ...common } = options //? auth
  const apiKey = credential('__name__', 'apiKey', given, '__ENV___API_KEY') //? auth
  return httpProvider(
    {
      id: '__name__',
      info,
      protocol: chatCompletions(),
      baseUrl: '__url__',
      authorize: apiKey === undefined ? undefined : bearer(apiKey), //? auth
      credential: 'the apiKey option or __ENV___API_KEY', //? auth
      ownOptions: ['apiKey'], //? auth
    },
    common, //? auth
    options, //? none
  )
}
