import { isRecord } from '../../check.ts'
import { recordIn, recordsIn } from '../../fields.ts'
import { RequestError } from '../../request-error.ts'

/**
 * The keywords that a schema must not have where an answer or a call is held to it, by the type that they limit.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (2026-11-20)
 */
const refused: Readonly<Record<string, readonly string[]>> = {
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength'],
  array: ['maxItems', 'uniqueItems'],
  object: ['minProperties', 'maxProperties'],
}

/** Refuses the strict tools and the format of a body, in the vendor's wording. */
export function checkStrictSchemas(body: Record<string, unknown>): void {
  for (const [index, { strict, input_schema: schema }] of recordsIn(body.tools).entries()) {
    if (strict === true) check(schema, `tools.${index}.custom`)
  }
  check(recordIn(recordIn(body.output_config).format).schema, 'output_config.format.schema')
}

function check(schema: unknown, where: string): void {
  if (Array.isArray(schema)) {
    for (const each of schema) check(each, where)
    return
  }
  if (!isRecord(schema)) return
  const type = String(schema.type)
  const found = (Object.hasOwn(refused, type) ? (refused[type] ?? []) : []).filter((name) => schema[name] !== undefined)
  if (found.length > 0) refuse(`${where}: For '${type}' type, properties ${found.join(', ')} are not supported`, where)
  if (type === 'array' && Number(schema.minItems ?? 0) > 1) {
    refuse(`${where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported`, where)
  }
  if (type === 'object' && schema.additionalProperties !== false) {
    refuse(`${where}: For 'object' type, 'additionalProperties' must be explicitly set to false`, where)
  }
  for (const [name, value] of Object.entries(schema)) {
    const isNamed = name === 'properties' || name === '$defs' || name === 'definitions'
    if (isNamed && isRecord(value)) for (const each of Object.values(value)) check(each, where)
    else if (!['enum', 'const', 'default', 'examples', 'required'].includes(name)) check(value, where)
  }
}

function refuse(message: string, param: string): never {
  throw new RequestError(400, 'wrong_value', message, { param, isVerbatim: true })
}
