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
 * Makes the descriptions from the types in a file, by their names. They are strict: a field that a vendor does not name is
 * wrong. `filledIn` names fields that the client fills in when its caller omits them: its types require them, the endpoint does
 * not.
 */
export function descriptions(file: URL): (type: string, filledIn?: readonly string[]) => Description {
  const schemaOf = schemas(file)
  return (type, filledIn = []) => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(without(schemaOf(type), filledIn))
    return (body) => (validate(body) ? undefined : complaintOf(validate.errors ?? []))
  }
}

/**
 * Makes JSON Schemas of the types in a file, by their names; every object in them is closed. The types of all vendors are read
 * once, which takes most of the time.
 */
export function schemas(file: URL): (type: string) => object {
  const config: CompletedConfig = {
    ...DEFAULT_CONFIG,
    path: fileURLToPath(file),
    tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    skipTypeCheck: true,
    additionalProperties: false,
    // Comments are for people.
    jsDoc: 'none',
  }
  const program = createProgram(config)
  // One generator for each type: two vendors may use one name for different things.
  return (type) =>
    new SchemaGenerator(program, createParser(program, config), createFormatter(config), config).createSchema(type)
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
