import { isRecord } from '../check/is-record.ts'
import { ChatError } from '../errors.ts'

/** What a vendor takes of JSON Schema where it holds an answer, or the arguments of a call, to a schema. */
export interface SchemaRules {
  /** Keywords that a schema must not have. @default none */
  refused?: ReadonlySet<string> | undefined
  /** The only keywords that count: others are passed over, so that they stay, and are named. @default all */
  known?: ReadonlySet<string> | undefined
  /** The only values of `format`. @default any */
  formats?: ReadonlySet<string> | undefined
  /** The largest `minItems`. @default any */
  mostMinItems?: number | undefined
  /** `oneOf` is written as `anyOf`. */
  hasNoOneOf?: boolean | undefined
  /** `const` is written as an `enum` of one value. */
  hasNoConst?: boolean | undefined
  /** Objects must be closed: `additionalProperties: false`. */
  closesObjects?: boolean | undefined
  /** Every property must be in `required`: one that is not may be null instead. */
  requiresAll?: boolean | undefined
}

export interface AdaptedSchema {
  schema: Readonly<Record<string, unknown>>
  /** The keywords that were left out or widened, sorted: an answer that fits the adapted schema may break these. */
  dropped: readonly string[]
}

const CONDITIONS = ['not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas'] as const
const OBJECT_LIMITS = ['minProperties', 'maxProperties', 'patternProperties', 'propertyNames'] as const
const LIST_LIMITS = ['uniqueItems', 'contains', 'minContains', 'maxContains'] as const
const LEFTOVERS = ['unevaluatedProperties', 'unevaluatedItems'] as const
const NUMBER_LIMITS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const
const STRING_LIMITS = ['minLength', 'maxLength'] as const

/** @see https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas (2026-11-20) */
export const OPENAI_STRICT: SchemaRules = /* @__PURE__ */ (() => ({
  refused: new Set([...CONDITIONS, ...OBJECT_LIMITS, ...LIST_LIMITS, ...LEFTOVERS, ...STRING_LIMITS, 'allOf']),
  hasNoOneOf: true,
  closesObjects: true,
  requiresAll: true,
}))()

/**
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (2026-11-20), and what the vendor's SDK takes
 *   out of a schema before it sends it (1.14.0)
 */
export const ANTHROPIC_STRICT: SchemaRules = /* @__PURE__ */ (() => ({
  refused: new Set([
    ...CONDITIONS,
    ...OBJECT_LIMITS,
    ...LIST_LIMITS,
    ...LEFTOVERS,
    ...NUMBER_LIMITS,
    ...STRING_LIMITS,
    'maxItems',
    'prefixItems',
  ]),
  formats: new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']),
  mostMinItems: 1,
  hasNoOneOf: true,
  closesObjects: true,
}))()

/**
 * What `responseJsonSchema` and `parametersJsonSchema` read; other keywords are passed over in silence.
 *
 * @see https://ai.google.dev/api/generate-content#GenerationConfig (2026-11-20)
 */
export const GEMINI_SCHEMA: SchemaRules = /* @__PURE__ */ (() => ({
  known: new Set(
    '$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum anyOf oneOf properties additionalProperties required propertyOrdering'.split(
      ' ',
    ),
  ),
  hasNoConst: true,
}))()

/** Keywords whose value has schemas by names of the user's. */
const NAMED: ReadonlySet<string> = /* @__PURE__ */ new Set(['properties', '$defs', 'definitions', 'patternProperties'])
/** Keywords whose value is data. */
const DATA: ReadonlySet<string> = /* @__PURE__ */ new Set(['enum', 'const', 'default', 'examples', 'required'])
/** Keywords that only describe: leaving them out changes nothing, so that they have no name. */
const NOTES: ReadonlySet<string> = /* @__PURE__ */ new Set(['$schema', '$comment', 'default', 'examples', 'title'])
/** Deeper than any vendor takes; the schema may be a stranger's. */
const MAX_DEPTH = 200

/**
 * A schema as a vendor takes it, and the keywords that were left out for that. The answer still fits what is left; it can be
 * checked against the whole schema.
 *
 * @throws ChatError `unsupported` for a schema that is nested deeper than any vendor takes.
 * @example
 * const { schema, dropped } = adaptSchema({ type: 'string', maxLength: 9 }, ANTHROPIC_STRICT)
 * // schema: { type: 'string' }, dropped: ['maxLength']
 */
export function adaptSchema(schema: Readonly<Record<string, unknown>>, rules: SchemaRules): AdaptedSchema {
  const adapter = new SchemaAdapter(rules)
  const adapted = adapter.schema(schema, 0)
  return { schema: isRecord(adapted) ? adapted : schema, dropped: [...adapter.dropped].sort() }
}

/** How keywords that were left out of a hint are named in `dropped`; `undefined` when there are none. */
export const schemaNote = (dropped: readonly string[]): string | undefined =>
  dropped.length === 0 ? undefined : `schema: ${dropped.join(', ')}`

class SchemaAdapter {
  readonly dropped = new Set<string>()
  readonly #rules: SchemaRules

  constructor(rules: SchemaRules) {
    this.#rules = rules
  }

  schema(value: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new ChatError('unsupported', `the schema is nested deeper than ${MAX_DEPTH} levels`)
    if (Array.isArray(value)) return value.map((each) => this.schema(each, depth + 1))
    if (!isRecord(value)) return value
    const entries = Object.entries(value).flatMap(([name, given]) => this.#keyword(name, given, depth))
    const adapted: Record<string, unknown> = Object.fromEntries(entries)
    return value.type === 'object' || isRecord(value.properties) ? this.#object(adapted) : adapted
  }

  #keyword(name: string, value: unknown, depth: number): [string, unknown][] {
    const { refused, known, formats, mostMinItems = Infinity, hasNoOneOf, hasNoConst } = this.#rules
    if (hasNoConst === true && name === 'const') return [['enum', [value]]]
    if (hasNoOneOf === true && name === 'oneOf') {
      // An answer may now fit several of them.
      this.dropped.add(name)
      return [['anyOf', this.schema(value, depth + 1)]]
    }
    const isFormat = name !== 'format' || formats === undefined || formats.has(String(value))
    const isTaken = refused?.has(name) !== true && isFormat && !(name === 'minItems' && Number(value) > mostMinItems)
    if ((!isTaken || known?.has(name) === false) && !NOTES.has(name)) this.dropped.add(name)
    if (!isTaken) return []
    if (DATA.has(name)) return [[name, value]]
    if (!NAMED.has(name) || !isRecord(value)) return [[name, this.schema(value, depth + 1)]]
    const named = Object.entries(value).map(([key, each]) => [key, this.schema(each, depth + 1)] as const)
    return [[name, Object.fromEntries(named)]]
  }

  /** Closing an object narrows what fits: the answer still fits the schema that was given. */
  #object(schema: Record<string, unknown>): Record<string, unknown> {
    const { closesObjects, requiresAll } = this.#rules
    const closed = closesObjects === true ? { ...schema, additionalProperties: false } : schema
    const { properties, required, additionalProperties: others } = schema
    // What is said of the others is lost: of an object that has no others, nothing is left.
    const saysMore = isRecord(others) && (properties === undefined || Object.keys(others).length > 0)
    if (closesObjects === true && saysMore) this.dropped.add('additionalProperties')
    if (requiresAll !== true || !isRecord(properties)) return closed
    const names: readonly unknown[] = Array.isArray(required) ? required : []
    const all = Object.entries(properties).map(([name, each]) => {
      if (names.includes(name)) return [name, each] as const
      this.dropped.add('required')
      return [name, { anyOf: [each, { type: 'null' }] }] as const
    })
    return { ...closed, properties: Object.fromEntries(all), required: Object.keys(properties) }
  }
}
