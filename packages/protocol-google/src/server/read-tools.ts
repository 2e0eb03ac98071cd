import type { FunctionTool, NativeTool, ToolChoice } from '@rivulet/core'
import { defined, isRecord } from '@rivulet/core/provider'
import { DIALECT } from '../wire-part.ts'
import type { Fields } from './fields.ts'

export interface ReadTools {
  tools?: (FunctionTool | NativeTool)[] | undefined
  toolChoice?: ToolChoice | undefined
}

const MODES = ['AUTO', 'ANY', 'NONE', 'VALIDATED', 'MODE_UNSPECIFIED'] as const

/**
 * The tools, and which of them may be called. Where only some may, the others are left out. The API's own tools stay as they are.
 *
 * @see https://ai.google.dev/api/caching#Tool (2026-11-20)
 */
export function readTools(body: Fields): ReadTools {
  const calling = body.object('toolConfig')?.object('functionCallingConfig')
  const mode = calling?.oneOf('mode', MODES)
  const allowed = calling?.texts('allowedFunctionNames') ?? []
  const all = body.objects('tools')?.flatMap((tool) => readTool(tool, mode === 'VALIDATED'))
  const toolChoice = choiceOf(mode, allowed)
  const mayAll = allowed.length === 0 || typeof toolChoice === 'object'
  return defined({
    tools: all?.filter((tool) => mayAll || tool.type === 'native' || allowed.includes(tool.name)),
    toolChoice,
  })
}

function choiceOf(mode: (typeof MODES)[number] | undefined, allowed: readonly string[]): ToolChoice | undefined {
  switch (mode) {
    case 'AUTO':
      return 'auto'
    case 'NONE':
      return 'none'
    case 'ANY': {
      const [name] = allowed
      return allowed.length === 1 && name !== undefined ? { name } : 'required'
    }
    case 'VALIDATED':
    case 'MODE_UNSPECIFIED':
    case undefined:
      return undefined
  }
}

function readTool(tool: Fields, isStrict: boolean): (FunctionTool | NativeTool)[] {
  const functions = tool.objects('functionDeclarations') ?? []
  const own = tool.names.filter((name) => name !== 'functionDeclarations')
  return [
    ...functions.map((one): FunctionTool => {
      const schema = one.record('parameters')
      return {
        name: one.name('name'),
        ...defined({
          description: one.text('description'),
          parameters: one.record('parametersJsonSchema') ?? (schema && jsonSchema(schema)),
        }),
        ...(isStrict && { strict: true }),
      }
    }),
    ...own.map((name): NativeTool => ({
      type: 'native',
      dialect: DIALECT,
      value: { [name]: tool.record(name) ?? {} },
    })),
  ]
}

/** Fields whose values are schemas by name, schemas, and lists of schemas. */
const BY_NAME: ReadonlySet<string> = /* @__PURE__ */ new Set(['properties', '$defs', 'defs'])
const COUNTS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
])

/**
 * A schema of the API's own kind, which is OpenAPI's with types in upper case, as JSON Schema. The body is not deep, so that it
 * may recur.
 *
 * @see https://ai.google.dev/api/caching#Schema (2026-11-20)
 */
export function jsonSchema(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { nullable, propertyOrdering: _order, property_ordering: _ordering, ...rest } = schema
  const entries = Object.entries(rest).map(([name, value]): [string, unknown] => {
    const key = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (key === 'type' && typeof value === 'string') return [key, value.toLowerCase()]
    // 64-bit numbers are strings in the API's JSON.
    if (COUNTS.has(key) && typeof value === 'string') return [key, Number(value)]
    if (BY_NAME.has(key) && isRecord(value)) {
      return [key, Object.fromEntries(Object.entries(value).map(([each, inner]) => [each, nested(inner)]))]
    }
    if (key === 'items' || key === 'additionalProperties' || key === 'anyOf') return [key, nested(value)]
    return [key, value]
  })
  const made: Record<string, unknown> = Object.fromEntries(entries.filter(([, value]) => value !== 'type_unspecified'))
  return nullable === true && typeof made.type === 'string' ? { ...made, type: [made.type, 'null'] } : made
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => nested(each))
  return isRecord(value) ? jsonSchema(value) : value
}
