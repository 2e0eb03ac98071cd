import type { Model, Provider, ProviderOptions } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, embeddings, modelList } from '@rivulet/protocol-openai'

export { KNOWN_QUIRKS, type KnownQuirks } from './quirks.ts'
export type { ChatQuirks } from '@rivulet/protocol-openai'

export interface OpenaiCompatibleOptions extends ProviderOptions {
  /** Scheme, host and path prefix: what stands before `/chat/completions`. */
  baseUrl: string
  /** What the provider is called in errors, groups and catalogs. @default 'openai-compatible' */
  id?: string
  /** For people. @default the id */
  name?: string
  /** Sent as `authorization: Bearer …`. Nothing is read from the environment: which key is meant, only you know. @default none */
  apiKey?: string
  /** What it serves, for catalogs. A model that is not named may be asked for all the same. @default none */
  models?: readonly Model[]
  /**
   * In what the endpoint differs from chat completions as OpenAI has them. Those of some are in `KNOWN_QUIRKS`. @default none
   * @example { includeUsage: true, schemas: 'none' }
   */
  quirks?: ChatQuirks
}

/**
 * Any endpoint that speaks chat completions: a gateway, a server of one's own, a vendor without a package.
 *
 * Dialect: chat completions. Facts of 2026-11-20: https://platform.openai.com/docs/api-reference/chat
 *
 * @throws TypeError for an option that is missing, unknown or of a wrong type.
 * @example
 * const local = openaiCompatible({ id: 'local', baseUrl: 'http://127.0.0.1:8000/v1' })
 */
export function openaiCompatible(options: OpenaiCompatibleOptions): Provider {
  const { id = 'openai-compatible', name = id, models = [], quirks = {} } = options
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
        ...(quirks.prefix === true && { prefill: true }),
        settings: chatSettings(),
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

/** Callers without types exist. The value may be a secret: it is not shown. */
function checkText(who: unknown, option: string, value: unknown): void {
  if (typeof value === 'string' && value.trim() !== '') return
  throw new TypeError(
    `${typeof who === 'string' ? who : 'openai-compatible'}: ${option} must be a string that is not empty.`,
  )
}
