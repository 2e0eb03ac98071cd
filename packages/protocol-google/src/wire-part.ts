/** The parts of the wire, for both halves. */

import { isRecord } from '@rivulet/core/provider'

/** Content in the form of the wire. */
export type WirePart = Readonly<Record<string, unknown>>

/** The name of the dialect. */
export const DIALECT = 'gemini'

/**
 * The documented placeholder for the signature of a call that another model made. Gemini signs parts of its answers, and refuses
 * the first call of a turn without its signature.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures (2026-11-20)
 */
export const NOT_SIGNED = 'skip_thought_signature_validator'

/** What a part may hold besides what a message has a word for. @see https://ai.google.dev/api/caching#Part (2026-11-20) */
export const NATIVE_DATA = [
  'inlineData',
  'fileData',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const

/** What a candidate says about its content: where it was found. It is not sent back. */
export const NATIVE_METADATA = ['citationMetadata', 'groundingMetadata', 'urlContextMetadata'] as const

/** Whether a native value is a part, and not something that is said about parts. */
export const isNativePart = (value: WirePart): boolean => NATIVE_DATA.some((name) => isRecord(value[name]))
