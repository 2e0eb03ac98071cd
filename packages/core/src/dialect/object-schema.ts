import { isRecord } from '../check/is-record.ts'

/**
 * The parameters of a tool as a schema of an object, which endpoints require in full: `{}` is a valid JSON Schema, and they
 * refuse it. A schema that has a type and properties is returned as it is.
 *
 * @example
 * objectSchema({}) // { type: 'object', properties: {} }
 */
export function objectSchema(parameters: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { type, properties } = parameters
  if (type === 'object' && isRecord(properties)) return parameters
  return { ...parameters, type: 'object', properties: isRecord(properties) ? properties : {} }
}
