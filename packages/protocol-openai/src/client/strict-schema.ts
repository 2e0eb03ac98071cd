import { ChatError } from '@rivulet/core'
import type { AdaptedSchema } from '@rivulet/core/provider'

type Schema = Readonly<Record<string, unknown>>

/** A strict schema as an endpoint takes it, and the keywords that were left out for that. */
export type StrictSchema = ((schema: Schema) => AdaptedSchema) | undefined

/** What an answer is to be like. */
interface AnswerSchema {
  schema: Schema
  strict?: boolean | 'auto' | undefined
}

/**
 * The schema of an answer as it is sent: `'auto'` is strict where the endpoint can hold an answer to all of it, else a hint.
 *
 * @throws ChatError `unsupported` for a strict one that the endpoint does not hold an answer to.
 */
export function answerSchema({ schema, strict = true }: AnswerSchema, adapt: StrictSchema): AnswerSchema {
  if (strict === false) return { schema, strict }
  const adapted = adapt?.(schema)
  if (adapted === undefined || adapted.dropped.length === 0) return { schema: adapted?.schema ?? schema, strict: true }
  if (strict === 'auto') return { schema, strict: false }
  const names = adapted.dropped.join(', ')
  throw new ChatError(
    'unsupported',
    `this endpoint does not hold an answer to: ${names}. Leave them out of the schema, or set strict: false`,
  )
}

/** The parameters of a strict tool; `undefined` where the endpoint does not hold a call to them. */
export function strictParameters(parameters: Schema, adapt: StrictSchema): Schema | undefined {
  const adapted = adapt?.(parameters)
  return adapted === undefined ? parameters : adapted.dropped.length === 0 ? adapted.schema : undefined
}
