import { fileURLToPath } from 'node:url'
import { Ajv, type ErrorObject } from 'ajv'
import {
  type CompletedConfig,
  createFormatter,
  createParser,
  createProgram,
  DEFAULT_CONFIG,
  SchemaGenerator,
} from 'ts-json-schema-generator'

/** Says what is wrong with a body; nothing when it is as the vendor describes it. */
export type Description = (body: unknown) => string | undefined

/**
 * Makes the descriptions, from the types in `wire.ts` by their names. Strict: a field that a vendor does not name is wrong.
 * The types of all vendors are read once, which takes the most of it. `filledIn` are fields that a client fills in where
 * its caller leaves them out: its types need them, and the endpoint does not.
 */
export function descriptions(): (type: string, filledIn?: readonly string[]) => Description {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    path: fileURLToPath(new URL('wire.ts', import.meta.url)),
    tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
    skipTypeCheck: true,
    additionalProperties: false,
    // What stands in comments is for people.
    jsDoc: 'none',
  }
  const program = createProgram(config)
  return (type, filledIn = []) => {
    // One for each: two vendors may call two things by one name.
    const generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config)
    const schema = without(generator.createSchema(type), filledIn)
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)
    return (body) => (validate(body) ? undefined : told(validate.errors ?? []))
  }
}

/** A schema in which these fields may be left out. */
function without(schema: object, names: readonly string[]): object {
  // A schema is JSON.
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'required' && Array.isArray(value) ? value.filter((name: string) => !names.includes(name)) : value,
  ) as object
}

/** A union fails in each of its members: what is deepest in the body comes nearest to what was meant. */
function told(errors: readonly ErrorObject[]): string {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length
  const deepest = Math.max(...errors.map(depth))
  const words = errors
    .filter((error) => depth(error) === deepest)
    .map(({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  return [...new Set(words)].slice(0, 4).join('; ')
}
