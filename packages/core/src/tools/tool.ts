import type { FunctionTool, TextTool, Tool, ToolPart } from '../chat.ts'
import { isRecord } from '../check/is-record.ts'
import { checkSchema, issuesOf, jsonSchemaOf, type StandardSchema } from './standard-schema.ts'

/** What runs a tool. */
export interface ToolImplementation<Arguments = never> {
  /** Validates, and may transform, the arguments of `run`. @default checks the required names and types of `parameters` */
  schema?: StandardSchema | undefined
  /**
   * Its result is sent back to the model: a string as it is, images and documents with {@link toolContent}, another value as
   * JSON. A thrown error is sent back too.
   */
  run: (args: Arguments, context: ToolContext) => unknown
}

/**
 * A tool with its implementation. `parameters` is sent to the model; `schema` validates the arguments that the model sends.
 * Make it with {@link tool}, so that the arguments of `run` have the type of the schema's output.
 */
export type RunnableTool<Arguments = never> = (FunctionTool | TextTool) & ToolImplementation<Arguments>

interface Checks<Arguments> {
  schema?: StandardSchema<Arguments> | undefined
  run: ToolImplementation<Arguments>['run']
}

/** Defines a tool of type `'text'`, whose `run` takes the text that the model wrote, or the output of its schema. */
export function tool<Arguments = string>(definition: TextTool & Checks<Arguments>): RunnableTool<Arguments>
/**
 * Defines a tool whose `run` takes the type of its schema's output.
 *
 * @example
 * const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
 * tool({ name: 'weather', parameters, schema: citySchema, run: ({ city }) => weatherIn(city) })
 */
export function tool<Arguments = Record<string, unknown>>(
  definition: FunctionTool & Checks<Arguments>,
): RunnableTool<Arguments>
export function tool<Arguments>(definition: (FunctionTool | TextTool) & Checks<Arguments>): RunnableTool<Arguments> {
  return definition
}

/**
 * The tool as it is sent to the model: a function with its `parameters`, or else the JSON Schema of its schema.
 *
 * @throws TypeError for what is not a schema, and for one that does not say its JSON Schema.
 */
export function toolForModel({ schema, run: _run, ...tool }: RunnableTool): Tool {
  if (schema !== undefined) checkSchema(`tool "${tool.name}"`, schema)
  if (tool.type === 'text' || tool.parameters !== undefined || schema === undefined) return tool
  return { ...tool, parameters: jsonSchemaOf(`tool "${tool.name}"`, schema) }
}

/** The result of a tool that has more than text; see {@link toolContent}. */
export class ToolContent {
  readonly parts: readonly ToolPart[]

  constructor(parts: readonly ToolPart[]) {
    this.parts = parts
  }
}

/**
 * Makes texts, images and documents the result of a tool.
 *
 * @example
 * tool({ name: 'screenshot', run: async () => toolContent([{ type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' }]) })
 */
export const toolContent = (parts: readonly ToolPart[]): ToolContent => new ToolContent(parts)

export interface ToolContext {
  /** Aborts when the run is aborted or closed. */
  signal: AbortSignal
  /** Id of the tool call. */
  id: string
}

/** Why arguments are invalid, worded so that a model can correct them. Reported to the model, never to the caller. */
export class InvalidArguments extends Error {}

/** Parses and validates the arguments of a call. */
export async function argumentsOf(tool: RunnableTool, input: string): Promise<unknown> {
  const args = tool.type === 'text' ? input : parsed(input)
  if (tool.schema === undefined) {
    if (tool.type !== 'text') checkParameters(tool.parameters ?? {}, args)
    return args
  }
  const result = await tool.schema['~standard'].validate(args)
  if (result.issues === undefined) return result.value
  throw new InvalidArguments(issuesOf(result.issues))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new InvalidArguments('they are not JSON')
  }
}

/** Checks that arguments are an object with the required names and the declared types. A `schema` validates the rest. */
function checkParameters(parameters: Record<string, unknown>, args: unknown): void {
  if (!isRecord(args)) throw new InvalidArguments('they must be an object')
  const required = Array.isArray(parameters.required) ? parameters.required : []
  const missing = required.filter((name) => args[String(name)] === undefined)
  if (missing.length > 0) throw new InvalidArguments(`missing: ${missing.join(', ')}`)
  for (const [name, property] of Object.entries(isRecord(parameters.properties) ? parameters.properties : {})) {
    const types = isRecord(property) ? [property.type].flat().filter((type) => typeof type === 'string') : []
    if (args[name] === undefined || types.length === 0 || types.some((type) => isOfType(args[name], type))) continue
    throw new InvalidArguments(`${name} must be of type ${types.join(' or ')}`)
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
