import { Ajv, type ValidateFunction } from 'ajv'
import { schemas } from '../described.ts'

/** A JSON Schema as `ts-json-schema-generator` writes it: the parts of it that are read here. */
interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly definitions?: Readonly<Record<string, Schema>>
}

/** What a vendor's type says of a value that was sent, as paths with what is the matter there. */
export interface Judgement {
  /** What breaks the type: a field that is missing, or of another type. */
  readonly wrong: readonly string[]
  /** Fields that the type does not name. Clients pass over them. */
  readonly extra: readonly string[]
}

export type Judge = (value: unknown) => Judgement

const NOTHING: Judgement = { wrong: [], extra: [] }

/** Makes judges from the types in a file, by their names. An endpoint may send more than the types name, never less. */
export function judges(file: URL): (type: string) => Judge {
  const schemaOf = schemas(file)
  const known = new Map<string, Judge>()
  return (type) => {
    const judge = known.get(type) ?? strict(type, judgeBy(opened(schemaOf(type))))
    known.set(type, judge)
    return judge
  }
}

/**
 * A type that takes anything proves nothing: every field of the first value that the type names must refuse a number or a text.
 */
function strict(type: string, judge: Judge): Judge {
  let isProved = false
  return (value) => {
    const judgement = judge(value)
    if (isProved || typeof value !== 'object' || value === null) return judgement
    isProved = true
    const named = Object.keys(value).filter((name) => !judgement.extra.includes(`.${name}`))
    for (const name of named) {
      const isTaken = [7, 'x'].every((other) => judge({ ...value, [name]: other }).wrong.length === 0)
      if (isTaken) throw new Error(`${type} takes anything as ${name}`)
    }
    return judgement
  }
}

/** The same schema with open objects: a field that is not named is not an error. */
function opened(schema: object): Schema {
  // A schema is JSON.
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  ) as Schema
}

/** `ajv` decides whether a value fits. The walk beside it finds where it does not, and which member of a union was meant. */
function judgeBy(root: Schema): Judge {
  const { definitions = {}, ...own } = root
  const ajv = new Ajv({ strict: false })
  const names = Object.keys(definitions)
  // A schema of its own for each definition: as a part of each schema that mentions it, it would be compiled with each.
  const asOwn = (schema: Schema): Schema =>
    // A schema is JSON.
    JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' ? `definition-${names.indexOf(nameIn(value))}` : value,
    ) as Schema
  for (const [at, name] of names.entries()) ajv.addSchema(asOwn(definitions[name] ?? {}), `definition-${at}`)

  const compiled = new Map<Schema, ValidateFunction>()
  const fits = (schema: Schema, value: unknown): boolean => {
    const validate = compiled.get(schema) ?? ajv.compile(asOwn(schema === root ? own : schema))
    compiled.set(schema, validate)
    return validate(value)
  }

  const resolved = (schema: Schema): Schema => {
    const found = schema.$ref === undefined ? undefined : definitions[nameIn(schema.$ref)]
    return found === undefined ? schema : resolved(found)
  }

  const membersOf = (schema: Schema): readonly Schema[] => {
    const { anyOf } = resolved(schema)
    return anyOf === undefined ? [resolved(schema)] : anyOf.flatMap(membersOf)
  }

  /** Whether the fields that name the kind of an object do not name another. */
  const isMeant = ({ properties = {} }: Schema, value: unknown): boolean =>
    typeof value !== 'object' ||
    value === null ||
    Object.entries(properties).every(([name, part]) => {
      const { const: only } = resolved(part)
      return only === undefined || !(name in value) || (value as Record<string, unknown>)[name] === only
    })

  const judged = (value: unknown, schema: Schema, path: string): Judgement => {
    // First by its kind: each look at whether a member fits compiles a schema of its own.
    const meant = membersOf(schema).filter((member) => isMeant(member, value))
    const [only, ...others] = meant
    if (only !== undefined && others.length === 0) return judgedAs(value, only, path)
    const fitting = meant.filter((member) => fits(member, value))
    const judgements = (fitting.length > 0 ? fitting : meant).map((member) => judgedAs(value, member, path))
    const size = ({ wrong, extra }: Judgement): number => wrong.length * 1_000 + extra.length
    const [best] = judgements.toSorted((one, other) => size(one) - size(other))
    return best ?? { wrong: [`${path} fits no member of its union: ${JSON.stringify(value).slice(0, 80)}`], extra: [] }
  }

  const judgedAs = (value: unknown, schema: Schema, path: string): Judgement => {
    if (Array.isArray(value) && schema.items !== undefined) {
      const { items } = schema
      return joined(value.map((each) => judged(each, items, `${path}[]`)))
    }
    const { properties, required = [], additionalProperties } = schema
    if (typeof value !== 'object' || value === null || Array.isArray(value) || properties === undefined) {
      if (fits(schema, value)) return NOTHING
      return { wrong: [`${path} is ${JSON.stringify(value).slice(0, 80)}, not ${kindOf(schema)}`], extra: [] }
    }
    const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`)
    const inside = Object.entries(value).map(([name, inner]) => {
      const part = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (part !== undefined) return judged(inner, part, `${path}.${name}`)
      return additionalProperties === undefined ? { wrong: [], extra: [`${path}.${name}`] } : NOTHING
    })
    return joined([{ wrong: missing, extra: [] }, ...inside])
  }

  return (value) => {
    const judgement = judged(value, root, '')
    const isRight = fits(root, value)
    if (isRight !== (judgement.wrong.length === 0)) throw new Error(`judged wrongly: ${judgement.wrong.join(', ')}`)
    return judgement
  }
}

/** The definition that a reference names. */
const nameIn = (ref: string): string => decodeURIComponent(ref.replace('#/definitions/', ''))

const joined = (judgements: readonly Judgement[]): Judgement => ({
  wrong: judgements.flatMap(({ wrong }) => wrong),
  extra: judgements.flatMap(({ extra }) => extra),
})

function kindOf(schema: Schema): string {
  const { definitions: _, ...own } = schema
  return JSON.stringify(own).slice(0, 200)
}
