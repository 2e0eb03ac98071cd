/** The fields of a request as data: their types, and the settings that a provider supports. */

import type { ChatRequest } from '../chat.ts'
import { isRecord } from './is-record.ts'

export type SettingName = Exclude<keyof ChatRequest, 'extra' | 'session' | 'native'>

/** A request field that a provider supports. */
export interface Setting {
  /** A field of a {@link ChatRequest}. */
  name: SettingName
  /** The TypeScript type, as text. */
  type: string
  /** The value that is sent when the caller sets none; absent when nothing is sent. */
  default?: string | number | boolean | undefined
}

interface Field {
  type: string
  accepts: (value: unknown) => boolean
  /** What a value must be, for a message. @default `of type …` */
  expected?: string | undefined
}

const everyIs = (accepts: (value: unknown) => boolean) => (value: unknown) =>
  // A copy, because every() skips the holes of an array.
  Array.isArray(value) && Array.from<unknown>(value).every(accepts)
const isA = (type: string) => (value: unknown) => typeof value === type
const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0
const isNamed = (value: unknown): value is Record<string, unknown> => isRecord(value) && isName(value.name)
const oneOf =
  (...names: unknown[]) =>
  (value: unknown) =>
    names.includes(value)
const NUMBER: Field = { type: 'number', accepts: Number.isFinite, expected: 'a finite number' }

/** Every field of a request, in the order of messages and descriptions. */
export const FIELDS: Record<SettingName, Field> = {
  model: { type: 'string', accepts: isName, expected: 'a string that is not empty' },
  messages: { type: 'Message[]', accepts: Array.isArray, expected: 'an array of messages' },
  stream: { type: 'boolean', accepts: isA('boolean') },
  temperature: NUMBER,
  topP: NUMBER,
  topK: { type: 'number', accepts: isCount, expected: 'a whole number above 0' },
  maxTokens: { type: 'number', accepts: isCount, expected: 'a whole number above 0' },
  stop: { type: 'string[]', accepts: everyIs(isA('string')) },
  seed: { type: 'number', accepts: Number.isInteger, expected: 'a whole number' },
  presencePenalty: NUMBER,
  frequencyPenalty: NUMBER,
  tools: { type: 'Tool[]', accepts: Array.isArray, expected: 'an array of tools' },
  toolChoice: { type: 'ToolChoice', accepts: (value) => isNamed(value) || oneOf('auto', 'none', 'required')(value) },
  parallelToolCalls: { type: 'boolean', accepts: isA('boolean') },
  responseFormat: {
    type: 'ResponseFormat',
    accepts: (value) => (isNamed(value) ? isRecord(value.schema) : oneOf('text', 'json')(value)),
  },
  reasoning: { type: 'ReasoningEffort', accepts: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max') },
}

/**
 * Makes the list of a provider's settings: `model`, `messages` and the named fields, each with the default value that is sent,
 * or `undefined` if nothing is sent.
 *
 * @example
 * settings({ stream: undefined, temperature: 0.7 })
 */
export function settings(
  supported: Partial<Record<Exclude<SettingName, 'model' | 'messages'>, Setting['default'] | undefined>>,
): readonly Setting[] {
  const named: Partial<Record<SettingName, Setting['default'] | undefined>> = {
    model: undefined,
    messages: undefined,
    ...supported,
  }
  // The keys of FIELDS are setting names, which the type of Object.keys does not say.
  const names = (Object.keys(FIELDS) as SettingName[]).filter((name) => name in named)
  return names.map((name) => {
    const value = named[name]
    return value === undefined ? { name, type: FIELDS[name].type } : { name, type: FIELDS[name].type, default: value }
  })
}
