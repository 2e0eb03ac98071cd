import type { ToolCall } from '../chat.ts'
import { isRecord } from '../check/is-record.ts'

/**
 * Parses the arguments of a tool call, for dialects that send them as an object. No text means no arguments.
 *
 * @throws TypeError when they are not a JSON object: the caller built the conversation wrongly.
 */
export function toolArguments({ id, json }: ToolCall): Record<string, unknown> {
  if (json.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // Refused below.
  }
  if (isRecord(value)) return value
  throw new TypeError(`the arguments of tool call "${id}" are not a JSON object. Pass the text that the model sent.`)
}
