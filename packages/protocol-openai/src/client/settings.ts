import type { Setting } from '@rivulet/core'
import { type SettingName, settings } from '@rivulet/core/provider'

export interface ChatSettingsOptions {
  /** The fields that the endpoint does not honour. @default none */
  without?: readonly Exclude<SettingName, 'model' | 'messages'>[]
}

/**
 * The request fields that this dialect has a name for, as a provider states them; nothing is sent that was not asked for.
 *
 * @example
 * const info = { …, settings: chatSettings({ without: ['seed'] }) }
 */
export function chatSettings({ without = [] }: ChatSettingsOptions = {}): readonly Setting[] {
  const every = settings({
    stream: undefined,
    temperature: undefined,
    topP: undefined,
    maxTokens: undefined,
    stop: undefined,
    seed: undefined,
    presencePenalty: undefined,
    frequencyPenalty: undefined,
    tools: undefined,
    toolChoice: undefined,
    responseFormat: undefined,
    reasoning: undefined,
  })
  return every.filter(({ name }) => !without.some((left) => left === name))
}
