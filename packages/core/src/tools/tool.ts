import type { Tool } from '../chat.ts'
import { isRecord } from '../check/is-record.ts'

/** What a validator of any library gives that follows Standard Schema (zod, valibot, arktype and others). */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    /** Standard JSON Schema, of validators that give their schema as one. */
    readonly jsonSchema?:
      | { readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> }
      | undefined
  }
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] }

/**
 * A tool that can be run. `parameters` goes to the model; `schema` says whether what the model sends will do. Make it with
 * {@link tool}, so that the arguments of `run` are those that the schema gives.
 */
export interface RunnableTool<Arguments = never> extends Tool {
  /** Checks, and may change, the arguments before `run` has them. @default the outline of `parameters` is checked */
  schema?: StandardSchema | undefined
  /** What it gives goes back to the model, as text or as JSON. What it throws goes back too, as an error. */
  run: (args: Arguments, context: ToolContext) => unknown
}

/**
 * A tool whose arguments have the type that its schema gives.
 *
 * @example
 * const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
 * tool({ name: 'weather', parameters, schema: citySchema, run: ({ city }) => weatherIn(city) })
 */
export function tool<Arguments = Record<string, unknown>>(
  definition: Omit<RunnableTool<Arguments>, 'schema'> & { schema?: StandardSchema<Arguments> },
): RunnableTool<Arguments> {
  return definition
}

/** A tool as the model is told of it: its `parameters`, or else those that its schema gives as JSON Schema. */
export function toolFor({ name, description, parameters, schema }: RunnableTool): Tool {
  const given = parameters ?? schema?.['~standard'].jsonSchema?.input({ target: 'draft-2020-12' })
  return {
    name,
    ...(description !== undefined && { description }),
    ...(given !== undefined && { parameters: given }),
  }
}

export interface ToolContext {
  /** Aborted with the whole run. */
  signal: AbortSignal
  /** Id of the call. */
  id: string
}

/** Why arguments will not do, in words that a model can mend them by; thrown to be reported, never to the caller. */
export class BadArguments extends Error {}

/** The arguments of a call as its tool takes them. */
export async function argumentsOf(tool: RunnableTool, json: string): Promise<unknown> {
  let given: unknown
  try {
    given = JSON.parse(json)
  } catch {
    throw new BadArguments('the arguments are not JSON')
  }
  if (tool.schema === undefined) {
    checkOutline(tool.parameters ?? {}, given)
    return given
  }
  const result = await tool.schema['~standard'].validate(given)
  if (result.issues === undefined) return result.value
  throw new BadArguments(result.issues.map(({ message, path = [] }) => [pathOf(path), message].join(': ')).join('; '))
}

const pathOf = (path: readonly unknown[]): string =>
  path.map((step) => String(isRecord(step) ? step.key : step)).join('.') || 'arguments'

/** Not a validator: an object, with what is required, each of a type that it may have. A `schema` says the rest. */
function checkOutline(parameters: Record<string, unknown>, given: unknown): void {
  if (!isRecord(given)) throw new BadArguments('the arguments must be an object')
  const required = Array.isArray(parameters.required) ? parameters.required : []
  const missing = required.filter((name) => given[String(name)] === undefined)
  if (missing.length > 0) throw new BadArguments(`missing: ${missing.join(', ')}`)
  for (const [name, property] of Object.entries(isRecord(parameters.properties) ? parameters.properties : {})) {
    const types = isRecord(property) ? [property.type].flat().filter((type) => typeof type === 'string') : []
    if (given[name] === undefined || types.length === 0 || types.some((type) => isOfType(given[name], type))) continue
    throw new BadArguments(`${name} must be of type ${types.join(' or ')}`)
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isRecord(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}
