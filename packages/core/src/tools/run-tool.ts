import type { ToolCallPart, ToolPart } from '../chat.ts'
import { didYouMean, shown } from '../check/suggest.ts'
import { argumentsOf, InvalidArguments, type RunnableTool, ToolContent } from './tool.ts'

/** The result that is sent back to the model for call `id`. */
export interface ToolResult {
  type: 'tool-result'
  id: string
  name: string
  content: string | readonly ToolPart[]
  isError: boolean
}

/** Runs one call. Never rejects: a tool's failure is reported to the model. */
export async function runTool(
  tools: ReadonlyMap<string, RunnableTool>,
  { id, name, input }: ToolCallPart,
  signal: AbortSignal,
): Promise<ToolResult> {
  const resultOf = (content: ToolResult['content'], isError: boolean): ToolResult => ({
    type: 'tool-result',
    id,
    name,
    content,
    isError,
  })
  const tool = tools.get(name)
  if (tool === undefined) {
    const names = [...tools.keys()]
    return resultOf(`There is no tool "${shown(name)}".${didYouMean(name, names)} Tools: ${names.join(', ')}.`, true)
  }
  try {
    // Its schema has accepted these arguments.
    const value: unknown = await tool.run((await argumentsOf(tool, input)) as never, { signal, id })
    return resultOf(contentOf(value), false)
  } catch (error) {
    return resultOf(failureOf(error), true)
  }
}

function contentOf(value: unknown): ToolResult['content'] {
  if (value instanceof ToolContent) return value.parts
  return typeof value === 'string' ? value : (jsonOf(value) ?? 'done')
}

/** `undefined` for a value that JSON can't express, which the type of `JSON.stringify` does not say. */
function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}

/** Says what was thrown, which may be anything: it may throw when it is looked at, and its message need not be a text. */
function failureOf(error: unknown): string {
  try {
    if (error instanceof InvalidArguments) return `Invalid arguments: ${error.message}.`
    const reason: unknown = error instanceof Error ? error.message : error
    return `The tool failed: ${String(reason)}`
  } catch {
    return 'The tool failed: without a reason'
  }
}
