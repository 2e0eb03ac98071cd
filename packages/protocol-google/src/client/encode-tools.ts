import { ChatError, type ChatRequest, type FunctionTool, type ToolChoice } from '@rivulet/core'
import { type Dropped, objectSchema, textToolsAsFunctions } from '@rivulet/core/provider'
import { DIALECT, type WirePart } from '../wire-part.ts'
import type { Schemas } from './schemas.ts'

export interface EncodedTools {
  tools: WirePart[] | undefined
  toolConfig: WirePart | undefined
}

/**
 * The tools of a request, and what may be called. An empty list is left out, and the choice with it.
 *
 * @throws ChatError `unsupported` for a tool of another dialect.
 * @see https://ai.google.dev/gemini-api/docs/function-calling (2026-11-20)
 * @see https://ai.google.dev/gemini-api/docs/tool-combination (2026-11-20)
 */
export function encodeTools({ tools, toolChoice }: ChatRequest, schemas: Schemas, dropped: Dropped): EncodedTools {
  const functions: FunctionTool[] = []
  const own: WirePart[] = []
  for (const tool of textToolsAsFunctions(tools, dropped)) {
    if (tool.type !== 'native') functions.push(tool)
    else if (tool.dialect === DIALECT) own.push(tool.value)
    else throw new ChatError('unsupported', `tools of ${tool.dialect} are not taken: give functions, or Gemini's own`)
  }
  const declared =
    functions.length === 0 ? [] : [{ functionDeclarations: functions.map((tool) => declaration(tool, schemas)) }]
  const config = {
    functionCallingConfig: calling(functions, toolChoice),
    // Without it the API refuses functions beside its own tools.
    includeServerSideToolInvocations: functions.length > 0 && own.length > 0 ? true : undefined,
  }
  return {
    tools: declared.length + own.length === 0 ? undefined : [...declared, ...own],
    toolConfig: Object.values(config).some((value) => value !== undefined) ? config : undefined,
  }
}

const declaration = ({ name, description, parameters }: FunctionTool, schemas: Schemas): WirePart => ({
  name,
  description,
  parametersJsonSchema: parameters && objectSchema(schemas.write(parameters)),
})

/** `ANY` and `VALIDATED` hold every call to its schema. */
function calling(functions: readonly FunctionTool[], choice: ToolChoice | undefined): WirePart | undefined {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] }
  if (choice === 'required') return { mode: 'ANY' }
  if (choice !== 'none' && functions.some(({ strict }) => strict === true)) return { mode: 'VALIDATED' }
  return choice && { mode: choice.toUpperCase() }
}
