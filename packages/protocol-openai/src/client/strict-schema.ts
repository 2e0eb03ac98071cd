import { ChatError } from '@rivulet/core'
import type { AdaptedSchema } from '@rivulet/core/provider'

type Schema = Readonly<Record<string, unknown>>

/** A strict schema as an endpoint takes it, and the keywords that were left out for that. */
export type StrictSchema = ((schema: Schema) => AdaptedSchema) | undefined

/** The schema of a strict answer. @throws ChatError `unsupported` for one that the endpoint does not hold an answer to. */
export function strictAnswer(schema: Schema, adapt: StrictSchema): Schema {
  const adapted = adapt?.(schema)
  if (adapted === undefined || adapted.dropped.length === 0) return adapted?.schema ?? schema
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
