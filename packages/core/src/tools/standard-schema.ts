import { isRecord } from '../check/is-record.ts'

/** A schema of any library that implements Standard Schema (zod, valibot, arktype and others). */
export interface StandardSchema<Output = unknown> {
  /** Where the specification puts everything. @see https://standardschema.dev */
  readonly '~standard': {
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    /** Standard JSON Schema, from libraries that can convert their schema to it. */
    readonly jsonSchema?:
      | { readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> }
      | undefined
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

interface StandardIssue {
  readonly message: string
  readonly path?: readonly unknown[] | undefined
}

/** @throws TypeError for what is not a schema: an object, or a function as those of arktype are. */
export function checkSchema(who: string, schema: unknown): void {
  const isObject = isRecord(schema) || typeof schema === 'function'
  const standard: unknown = isObject ? (schema as Partial<StandardSchema>)['~standard'] : undefined
  if (isRecord(standard) && typeof standard.validate === 'function') return
  const hint = isObject ? ' Is it a JSON Schema? That is called parameters, and goes beside it.' : ''
  throw new TypeError(`${who}: schema must be a Standard Schema, as of zod, valibot or arktype.${hint}`)
}

/**
 * The JSON Schema of what a schema accepts.
 *
 * @throws TypeError for a schema that can't say it.
 */
export function jsonSchemaOf(who: string, schema: StandardSchema): Record<string, unknown> {
  const toJson = schema['~standard'].jsonSchema
  const advice = 'give its JSON Schema beside it, as parameters: { type: … }.'
  if (toJson === undefined) throw new TypeError(`${who}: the schema does not say its JSON Schema: ${advice}`)
  try {
    return toJson.input({ target: 'draft-2020-12' })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new TypeError(`${who}: the schema has no JSON Schema (${words}): ${advice}`, { cause: error })
  }
}

/** How many issues are told: a list of a thousand items may have as many, all alike. */
const MAX_ISSUES = 10

/** What is wrong with a value, on one line. */
export function issuesOf(issues: readonly StandardIssue[]): string {
  const told = issues.slice(0, MAX_ISSUES).map(issueOf).join('; ')
  return issues.length > MAX_ISSUES ? `${told}; and ${issues.length - MAX_ISSUES} more` : told
}

const issueOf = ({ message, path = [] }: StandardIssue): string =>
  [pathOf(path), message].filter((part) => part !== '').join(': ')

const pathOf = (path: readonly unknown[]): string =>
  // Not its own `map()`: arktype's path is an array with a constructor of another form.
  Array.from(path, (step) => String(isRecord(step) ? step.key : step)).join('.')
