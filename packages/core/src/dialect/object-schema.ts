import { isRecord } from '../check/is-record.ts'

/**
 * The parameters of a tool as a schema of an object, which endpoints require in full: `{}` is a valid JSON Schema, and they
 * refuse it. Keywords that are null, as Go writes an empty list, are left out. A schema that needs no change is returned as
 * it is.
 *
 * @example
 * objectSchema({}) // { type: 'object', properties: {} }
 */
export function objectSchema(parameters: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { type, properties } = parameters
  const entries = Object.entries(parameters)
  const given = entries.filter(([, value]) => value !== null)
  if (type === 'object' && isRecord(properties) && given.length === entries.length) return parameters
  return { ...Object.fromEntries(given), type: 'object', properties: isRecord(properties) ? properties : {} }
}
