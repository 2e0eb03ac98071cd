import { boundedJson, isRecord } from '@rivulet/core/provider'

/** A piece of a tool call, as far as it says something. */
export interface CallFragment {
  name: string | undefined
  id: string | undefined
  index: string
  /** `''` for none. */
  json: string
  /** It is of a tool of text: the input is not JSON. */
  isText: boolean
  /** It has the form that OpenAI sends. */
  isPlain: boolean
}

/**
 * The fragments of a message or a delta: its `tool_calls`, or the one call of the older field `function_call`.
 *
 * @param lastIndex The index of a fragment by itself that has none: it continues the last one.
 */
export function fragmentsOf(message: Record<string, unknown>, lastIndex: string): CallFragment[] {
  const { tool_calls: calls, function_call: older } = message
  if (Array.isArray(calls) && calls.length > 0) {
    return calls
      .flatMap((call: unknown, position) =>
        isRecord(call) ? [fragmentOf(call, calls.length > 1 ? String(position) : lastIndex)] : [],
      )
      .filter(saysAnything)
  }
  return isRecord(older) ? [fragmentOf({ function: older }, 'function_call')].filter(saysAnything) : []
}

function fragmentOf(call: Record<string, unknown>, position: string): CallFragment {
  const { index, custom } = call
  const isText = isRecord(custom)
  const { name, arguments: input } = isText
    ? { name: custom.name, arguments: custom.input }
    : isRecord(call.function)
      ? call.function
      : call
  return {
    name: wordIn(name),
    id: wordIn(call.id),
    index: typeof index === 'number' || typeof index === 'string' ? String(index) : position,
    json: textOf(input),
    isText,
    isPlain: typeof index === 'number' && (isText || isRecord(call.function)) && typeof (input ?? '') === 'string',
  }
}

/** Some servers end with an empty call. */
const saysAnything = ({ name, id, json }: CallFragment): boolean =>
  name !== undefined || id !== undefined || json !== ''

const wordIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined

/** Some servers send the arguments as an object. */
function textOf(input: unknown): string {
  if (typeof input === 'string') return input
  return typeof input === 'object' && input !== null ? boundedJson(input, Infinity) : ''
}
