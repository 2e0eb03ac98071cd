import type { Model, ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, embeddings, modelList } from '@rivulet/protocol-openai'

export { KNOWN_QUIRKS, type KnownQuirks } from './quirks.ts'
export type { ChatQuirks } from '@rivulet/protocol-openai'

export interface OpenaiCompatibleOptions extends ProviderOptions {
  /** Scheme, host and path prefix: everything before `/chat/completions`. */
  baseUrl: string
  /** The provider's name in errors, groups and catalogs. @default 'openai-compatible' */
  id?: string | undefined
  /** The name for people. @default the id */
  name?: string | undefined
  /** Sent as `authorization: Bearer …`. Never read from the environment: only you know which key is meant. @default none */
  apiKey?: string | undefined
  /** The models that it serves, for catalogs. Requests may name any other model too. @default none */
  models?: readonly Model[] | undefined
  /**
   * How the endpoint differs from OpenAI's chat completions. `KNOWN_QUIRKS` has those of some endpoints. @default none
   * @example { includeUsage: true, schemas: 'none' }
   */
  quirks?: ChatQuirks | undefined
}

/**
 * Any endpoint that speaks chat completions: a gateway, a server of your own, a vendor without a package here.
 *
 * Dialect: chat completions. Facts of 2026-11-20: https://platform.openai.com/docs/api-reference/chat
 *
 * @throws TypeError for an option that is missing, unknown or of a wrong type.
 * @example
 * const local = openaiCompatible({ id: 'local', baseUrl: 'http://127.0.0.1:8000/v1' })
 */
export function openaiCompatible(options: OpenaiCompatibleOptions): ProviderWith<'models' | 'embed'> {
  const { id = 'openai-compatible', name = id, models = [], quirks = {} } = options
  const { prefix } = quirks
  checkText(id, 'id', id)
  checkText(id, 'name', name)
  if ((options as Partial<OpenaiCompatibleOptions>).baseUrl === undefined) {
    throw new TypeError(
      `${id}: baseUrl is missing: give scheme, host and path prefix, as in "http://127.0.0.1:8000/v1".`,
    )
  }
  return httpProvider(
    {
      id,
      baseUrl: options.baseUrl,
      info: {
        name,
        url: options.baseUrl,
        auth: 'optional',
        streaming: true,
        models,
        ...(prefix !== undefined && { prefill: typeof prefix === 'boolean' ? prefix : (prefix.efforts ?? true) }),
        settings: chatSettings({ topK: quirks.topK }),
      },
      protocol: chatCompletions(quirks),
      apiKey: { env: [], as: bearer },
      models: modelList(),
      embeddings: embeddings(),
      ownOptions: { id: true, name: true, models: true, quirks: true },
    },
    options,
  )
}

/** For callers without types. The value may be a secret, so it is not shown. */
function checkText(who: unknown, option: string, value: unknown): void {
  if (typeof value === 'string' && value.trim() !== '') return
  throw new TypeError(
    `${typeof who === 'string' ? who : 'openai-compatible'}: ${option} must be a string that is not empty.`,
  )
}
