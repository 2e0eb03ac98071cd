/** The fields of a request as data: what a provider honours, and whether a value has the right type. */

import type { ChatRequest } from '../chat.ts'
import { isRecord } from './is-record.ts'

export type SettingName = Exclude<keyof ChatRequest, 'extra'>

/** A request field that a provider honours. */
export interface Setting {
  name: SettingName
  /** As TypeScript would spell it. */
  type: string
  /** What is sent when the caller says nothing; absent when nothing is sent. */
  default?: string | number | boolean | undefined
}

interface Field {
  type: string
  holds: (value: unknown) => boolean
  /** What a value must be, where the type alone does not say it. */
  needed?: string | undefined
}

const everyIs = (holds: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(holds)
const isA = (type: string) => (value: unknown) => typeof value === type
const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0
const isNamed = (value: unknown): value is Record<string, unknown> => isRecord(value) && isName(value.name)
const oneOf =
  (...names: unknown[]) =>
  (value: unknown) =>
    names.includes(value)
const NUMBER: Field = { type: 'number', holds: Number.isFinite, needed: 'a finite number' }

/** Every field of a request, in the order in which they are told. */
export const FIELDS: Record<SettingName, Field> = {
  model: { type: 'string', holds: isName, needed: 'a string that is not empty' },
  messages: { type: 'Message[]', holds: everyIs(isRecord), needed: 'an array of messages' },
  stream: { type: 'boolean', holds: isA('boolean') },
  temperature: NUMBER,
  topP: NUMBER,
  maxTokens: { type: 'number', holds: isCount, needed: 'a whole number above 0' },
  stop: { type: 'string[]', holds: everyIs(isA('string')) },
  seed: { type: 'number', holds: Number.isInteger, needed: 'a whole number' },
  presencePenalty: NUMBER,
  frequencyPenalty: NUMBER,
  tools: { type: 'Tool[]', holds: everyIs(isNamed) },
  toolChoice: { type: 'ToolChoice', holds: (value) => isNamed(value) || oneOf('auto', 'none', 'required')(value) },
  responseFormat: {
    type: 'ResponseFormat',
    holds: (value) => (isNamed(value) ? isRecord(value.schema) : oneOf('text', 'json')(value)),
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
