/** The fields of a request as data: what a provider honours, and whether a value has the right type. */

import type { ChatRequest } from './chat.ts'
import { isRecord } from './is-record.ts'

export type SettingName = Exclude<keyof ChatRequest, 'extra'>

/** A request field that a provider honours. */
export interface Setting {
  name: SettingName
  /** As TypeScript would spell it. */
  type: string
  /** What is sent when the caller says nothing; absent when nothing is sent. */
  default?: string | number | boolean
}

interface Field {
  type: string
  holds(value: unknown): boolean
}

const everyIs = (holds: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(holds)
const isString = (value: unknown): boolean => typeof value === 'string'
const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isNumber = (value: unknown): boolean => Number.isFinite(value)
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0
const isNamed = (value: unknown): boolean => isRecord(value) && isName(value.name)
const oneOf =
  (...names: unknown[]) =>
  (value: unknown) =>
    names.includes(value)

/** Every field of a request, in the order in which they are told. */
export const FIELDS: Record<SettingName, Field> = {
  model: { type: 'string', holds: isName },
  messages: { type: 'Message[]', holds: everyIs(isRecord) },
  stream: { type: 'boolean', holds: (value) => typeof value === 'boolean' },
  temperature: { type: 'number', holds: isNumber },
  topP: { type: 'number', holds: isNumber },
  maxTokens: { type: 'number', holds: isCount },
  stop: { type: 'string[]', holds: everyIs(isString) },
  seed: { type: 'number', holds: Number.isInteger },
  presencePenalty: { type: 'number', holds: isNumber },
  frequencyPenalty: { type: 'number', holds: isNumber },
  tools: { type: 'Tool[]', holds: everyIs(isNamed) },
  toolChoice: { type: 'ToolChoice', holds: (value) => isNamed(value) || oneOf('auto', 'none', 'required')(value) },
  responseFormat: {
    type: 'ResponseFormat',
    holds: (value) =>
      (isNamed(value) && isRecord((value as { schema?: unknown }).schema)) || oneOf('text', 'json')(value),
  },
  reasoning: { type: 'ReasoningEffort', holds: oneOf('none', 'minimal', 'low', 'medium', 'high') },
}

/**
 * The settings of a provider: `model` and `messages`, and the named fields, each with the default that the provider
 * sends or `undefined` when it sends nothing.
 *
 * @example
 * settings({ stream: undefined, temperature: 0.7 })
 */
export function settings(
  honoured: Partial<Record<Exclude<SettingName, 'model' | 'messages'>, Setting['default'] | undefined>>,
): readonly Setting[] {
  const named: Partial<Record<SettingName, Setting['default'] | undefined>> = {
    model: undefined,
    messages: undefined,
    ...honoured,
  }
  // The keys of a record of fields are the names of fields: Object.keys only forgets it.
  const names = (Object.keys(FIELDS) as SettingName[]).filter((name) => name in named)
  return names.map((name) => {
    const value = named[name]
    return value === undefined ? { name, type: FIELDS[name].type } : { name, type: FIELDS[name].type, default: value }
  })
}
