import { type Provider, type ProviderOptions, retry, type RetryOptions } from '@rivulet/core'
import { httpProvider, queryKey, settings } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks } from '@rivulet/protocol-openai'
import { isMissingModel, refusingMissingModel, refusingMissingModelAsText } from './missing-model.ts'

export interface LockchatOptions extends ProviderOptions {
  /** Sent in the query, percent-encoded. @default the environment's LOCKCHAT_AUTH; without either, none is sent */
  auth?: string | undefined
  /**
   * How often a request is sent, the first time included, when Lockchat denies a model that it has. Only this fault is
   * retried, and only before any content. @default 3
   */
  attempts?: number | undefined
  /** Called before each retry of such a denial, with the wait in milliseconds. */
  onRetry?: RetryOptions['onRetry']
}

/** Messages are texts: it refuses parts. */
const TEXT_ALONE: ChatQuirks = { content: 'text', imageTypes: [], files: 'none' }

/**
 * Lockchat, the OpenAI-compatible endpoint of a phone app. It always streams, also with `stream: false`; the events are the
 * same. The credential is optional.
 *
 * Dialect: chat completions. Facts of 2026-11-20; the public host was last seen in 2023.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const stream = lockchat({ auth }).stream({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const text of textOf(stream)) process.stdout.write(text)
 */
export function lockchat(options: LockchatOptions = {}): Provider {
  const { attempts = 3, onRetry } = options
  return httpProvider(
    {
      id: 'lockchat',
      baseUrl: 'http://super.lockchat.app',
      info: {
        name: 'Lockchat',
        url: 'http://super.lockchat.app',
        auth: 'optional',
        streaming: true,
        models: [{ id: 'gpt-4' }, { id: 'gpt-3.5-turbo' }],
        settings: settings({ stream: undefined, temperature: 0.7 }),
      },
      protocol: refusingMissingModel(
        chatCompletions({ path: '/v1/chat/completions', alwaysStream: true, ...TEXT_ALONE }),
      ),
      apiKey: { option: 'auth', env: 'LOCKCHAT_AUTH', as: (key) => queryKey('auth', key) },
      headers: { 'user-agent': 'ChatX/39 CFNetwork/1408.0.4 Darwin/22.5.0' },
      layers: [
        refusingMissingModelAsText,
        retry({ attempts, retryWhen: isMissingModel, ...(onRetry !== undefined && { onRetry }) }),
      ],
      ownOptions: { attempts: true, onRetry: true },
    },
    options,
  )
}
