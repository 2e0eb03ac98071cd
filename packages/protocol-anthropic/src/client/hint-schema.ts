import { isRecord } from '@rivulet/core/provider'

/** Keywords that the API refuses in the schema of an answer. */
const REFUSED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
])
/** Keywords whose value has schemas by names of the user's. */
const NAMED: ReadonlySet<string> = /* @__PURE__ */ new Set(['properties', '$defs', 'definitions'])
/** Keywords whose value is data. */
const DATA: ReadonlySet<string> = /* @__PURE__ */ new Set(['enum', 'const', 'default', 'examples', 'required'])

/**
 * A schema that is a hint, without what the API refuses: limits of numbers, strings and lists, and objects that are open.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (2026-11-20)
 */
export function hintSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(hintSchema)
  if (!isRecord(schema)) return schema
  const entries = Object.entries(schema).flatMap(([name, value]): [string, unknown][] => {
    if (REFUSED.has(name) || (name === 'minItems' && value !== 0 && value !== 1)) return []
    if (DATA.has(name)) return [[name, value]]
    return [[name, NAMED.has(name) && isRecord(value) ? eachOf(value) : hintSchema(value)]]
  })
  const isObject = schema.type === 'object' || isRecord(schema.properties)
  return { ...Object.fromEntries(entries), ...(isObject && { additionalProperties: false }) }
}

const eachOf = (schemas: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, hintSchema(schema)]))
