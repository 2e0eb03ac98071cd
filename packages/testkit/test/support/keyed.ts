import type { ChatRequest, Provider, ProviderOptions } from '@rivulet/core'
import { bearer, credential, environment, httpProvider, settings, textFraming } from '@rivulet/core/provider'

export const VARIABLES = ['KEYED_API_KEY', 'KEYED_KEY'] as const
export const request: ChatRequest = { model: 'keyed-1', messages: [{ role: 'user', content: 'Hello' }] }
export const answer = { contentType: 'text/plain', body: 'Hello!' }

export interface KeyedOptions extends ProviderOptions {
  apiKey?: string
}

/** Ways to take a credential wrongly. */
export type KeyMistake = 'environment first' | 'one variable' | 'names nothing' | 'asks all the same' | 'empty is none'

/** A provider that answers with text and takes a key, rightly or with a mistake. */
export function keyed({ apiKey: given, ...common }: KeyedOptions = {}, mistake?: KeyMistake): Provider {
  const [first, second] = VARIABLES
  const option = mistake === 'empty is none' && given === '' ? undefined : given
  const own = credential('keyed', 'apiKey', option, first)
  const key =
    (mistake === 'environment first' ? environment(first) : undefined) ??
    own ??
    (mistake === 'one variable' ? undefined : environment(second)) ??
    (mistake === 'asks all the same' ? 'none' : undefined)
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
        encode: ({ model }) => ({ path: '/chat', body: { model } }),
        framing: () => textFraming(),
        decode: (emit) => ({
          push: (frame) => {
            emit({ type: 'text', text: frame.text() })
          },
          end: () => {
            emit({ type: 'finish', reason: 'stop' })
          },
        }),
        decodeError: (_status, body) => (body === 'No money.' ? { code: 'quota', message: 'No money.' } : {}),
      },
      authorize: key === undefined ? undefined : bearer(key),
      ...(mistake !== 'names nothing' && { credential: `the apiKey option, ${first} or ${second}` }),
    },
    common,
  )
}
