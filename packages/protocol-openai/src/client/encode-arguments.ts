import type { ToolCallPart } from '@rivulet/core'
import { boundedJson, toolArguments } from '@rivulet/core/provider'

/** Whole and half surrogate pairs among escapes. Every escape is matched, so that `ud83d` after an escaped backslash stays text. */
const ESCAPES = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|ud[89a-f][\da-f]{2}|[^])/gi

/** Arguments that the model broke are sent inside an object: many endpoints parse them, and refuse the conversation. */
export function encodeArguments(call: ToolCallPart): string {
  const input = toolArguments(call)
  const isAsSent = call.input.trim().startsWith('{') && !('INVALID_JSON' in input)
  const json = isAsSent ? call.input : boundedJson(input, Infinity)
  // Endpoints parse it, and half a pair has no UTF-8.
  return json.includes('\\u') ? json.replaceAll(ESCAPES, wellFormed) : json
}

const wellFormed = (escape: string): string => (escape.length === 6 ? '\ufffd' : escape)
