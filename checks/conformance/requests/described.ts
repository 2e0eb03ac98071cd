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

/** Returns what is wrong with a body, or undefined when it is valid by the vendor's description. */
export type Description = (body: unknown) => string | undefined

/**
 * Makes the descriptions from the types in `wire.ts`, by their names. They are strict: a field that a vendor does not name
 * is wrong. The types of all vendors are read once, which takes most of the time. `filledIn` names fields that the client
 * fills in when its caller omits them: its types require them, the endpoint does not.
 */
export function descriptions(): (type: string, filledIn?: readonly string[]) => Description {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    path: fileURLToPath(new URL('wire.ts', import.meta.url)),
    tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
    skipTypeCheck: true,
    additionalProperties: false,
    // Comments are for people.
    jsDoc: 'none',
  }
  const program = createProgram(config)
  return (type, filledIn = []) => {
    // One generator for each type: two vendors may use one name for different things.
    const generator = new SchemaGenerator(program, createParser(program, config), createFormatter(config), config)
    const schema = without(generator.createSchema(type), filledIn)
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)
    return (body) => (validate(body) ? undefined : complaintOf(validate.errors ?? []))
  }
}

/** The schema with these fields optional. */
function without(schema: object, names: readonly string[]): object {
  // A schema is JSON.
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'required' && Array.isArray(value) ? value.filter((name: string) => !names.includes(name)) : value,
  ) as object
}

/** A union fails in each of its members: the errors deepest in the body belong to the member that was meant. */
function complaintOf(errors: readonly ErrorObject[]): string {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length
  const deepest = Math.max(...errors.map(depth))
  const words = errors
    .filter((error) => depth(error) === deepest)
    .map(({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  return [...new Set(words)].slice(0, 4).join('; ')
}
