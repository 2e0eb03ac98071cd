import type { ToolCall } from '../chat.ts'
import { didYouMean, shown } from '../check/suggest.ts'
import { argumentsOf, InvalidArguments, type RunnableTool } from './tool.ts'

/** The result that is sent back to the model for call `id`. */
export interface ToolResult {
  type: 'tool-result'
  id: string
  name: string
  content: string
  isError: boolean
}

/** Runs one call. Never rejects: a tool's failure is reported to the model. */
export async function runTool(
  tools: ReadonlyMap<string, RunnableTool>,
  { id, name, json }: ToolCall,
  signal: AbortSignal,
): Promise<ToolResult> {
  const resultOf = (content: string, isError: boolean): ToolResult => ({
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
    const value: unknown = await tool.run((await argumentsOf(tool, json)) as never, { signal, id })
    return resultOf(typeof value === 'string' ? value : (jsonOf(value) ?? 'done'), false)
  } catch (error) {
    if (error instanceof InvalidArguments) return resultOf(`Invalid arguments: ${error.message}.`, true)
    return resultOf(`The tool failed: ${wordsOf(error)}`, true)
  }
}

/** `undefined` for a value that JSON can't express, which the type of `JSON.stringify` does not say. */
function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}

/** The words of anything that is thrown, which may have none, or throw when it is asked for them. */
function wordsOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error)
  } catch {
    return 'without a reason'
  }
}
