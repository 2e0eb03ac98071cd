import type { ChatRequest, Provider, ProviderOptions } from '@rivulet/core'
import { bearer, environment, httpProvider, settings, textFraming } from '@rivulet/core/provider'

export const VARIABLES = ['KEYED_API_KEY', 'KEYED_KEY'] as const
export const request: ChatRequest = { model: 'keyed-1', messages: [{ role: 'user', content: 'Hello' }] }
export const answer = { contentType: 'text/plain', body: 'Hello!' }

export interface KeyedOptions extends ProviderOptions {
  apiKey?: string
}

/** Mistakes with a credential. */
export type KeyMistake = 'environment first' | 'one variable' | 'names nothing' | 'sends nevertheless' | 'empty is none'

/** A provider with a key, whose answer is text; a mistake makes it wrong. */
export function keyed(options: KeyedOptions = {}, mistake?: KeyMistake): Provider {
  const [first, second] = VARIABLES
  const { apiKey, ...common } = options
  const inEnvironment = environment(first) ?? environment(second)
  const key = apiKey ?? inEnvironment
  const isIgnored = mistake === 'empty is none' && apiKey === ''
  const given = mistake === 'environment first' ? { ...options, apiKey: environment(first) ?? apiKey } : options
  return httpProvider(
    {
      id: 'keyed',
      baseUrl: 'http://keyed.example',
      info: {
        name: 'Keyed',
        url: 'http://keyed.example',
        auth: 'required',
        streaming: true,
        models: [{ id: 'keyed-1' }],
        settings: settings({ stream: undefined }),
      },
      protocol: {
        dialect: 'keyed',
        open: ({ model }) => ({
          http: { path: '/chat', body: { model } },
          decode: (emit) => ({
            push: (frame) => {
              emit({ type: 'text', text: frame.text() })
            },
            end: () => {
              emit({ type: 'finish', reason: 'stop' })
            },
          }),
        }),
        framing: () => textFraming(),
        decodeError: (_status, body) => (body === 'No money.' ? { code: 'quota', message: 'No money.' } : {}),
      },
      // A provider whose error does not name its option: the option is read here.
      ...(mistake === 'names nothing' && apiKey !== ''
        ? { authorize: key === undefined ? undefined : bearer(key) }
        : { apiKey: { env: mistake === 'one variable' ? first : [first, second], as: bearer } }),
      ...(mistake === 'sends nevertheless' && key === undefined && { authorize: bearer('none') }),
    },
    isIgnored || (mistake === 'names nothing' && apiKey !== '') ? common : given,
  )
}
