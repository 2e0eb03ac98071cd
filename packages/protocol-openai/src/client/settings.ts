import type { Setting } from '@rivulet/core'
import { type SettingName, settings } from '@rivulet/core/provider'

export interface ChatSettingsOptions {
  /** The fields that the endpoint does not honour. @default none */
  without?: readonly Exclude<SettingName, 'model' | 'messages'>[] | undefined
  /** The endpoint takes `top_k`, as its quirks say. @default false */
  topK?: boolean | undefined
}

/**
 * The request fields that this dialect supports, as a provider declares them. Without defaults: only what a request sets is sent.
 *
 * @example
 * const fields = chatSettings({ without: ['seed'] })
 */
export function chatSettings({ without = [], topK = false }: ChatSettingsOptions = {}): readonly Setting[] {
  const every = settings({
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
    parallelToolCalls: undefined,
    responseFormat: undefined,
    reasoning: undefined,
  })
  return every.filter(({ name }) => !without.some((left) => left === name) && (topK || name !== 'topK'))
}
