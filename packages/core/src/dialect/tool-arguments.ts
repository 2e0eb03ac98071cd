import type { ToolCall } from '../chat.ts'
import { isRecord } from '../check/is-record.ts'

/**
 * The arguments of a tool call as an object, for the dialects that want them so; no text means no arguments.
 *
 * @throws TypeError when they are not a JSON object: the conversation was put together wrongly.
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
  throw new TypeError(`the arguments of tool call "${id}" are not a JSON object. Give the text that the model sent.`)
}
