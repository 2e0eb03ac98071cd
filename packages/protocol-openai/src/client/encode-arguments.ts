import type { ToolCall } from '@rivulet/core'
import { boundedJson, toolArguments } from '@rivulet/core/provider'

/** Arguments that the model broke are sent inside an object: many endpoints parse them, and refuse the conversation. */
export function encodeArguments(call: ToolCall): string {
  const input = toolArguments(call)
  const isAsSent = call.json.trim().startsWith('{') && !('INVALID_JSON' in input)
  return isAsSent ? call.json : boundedJson(input, Infinity)
}
