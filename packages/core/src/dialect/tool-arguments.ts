import type { ToolCallPart } from '../chat.ts'
import { isRecord } from '../check/is-record.ts'
import { ChatError } from '../errors.ts'
import { boundedJson } from './bounded-json.ts'
import { parseJson } from './parse-json.ts'

/**
 * The arguments of a tool call in a conversation, for dialects that send them as an object. No text means no arguments. Text
 * that is not a JSON object, as models write it now and then, is sent inside one, so that the conversation can go on.
 *
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming (2026-11-20), for its name
 * @example
 * toolArguments({ input: '{"x":' }) // { INVALID_JSON: '{"x":' }
 */
export function toolArguments({ input }: Pick<ToolCallPart, 'input'>): Record<string, unknown> {
  const value = input.trim() === '' ? null : parseJson(input)
  if (value === null) return {}
  return isRecord(value) ? value : { INVALID_JSON: input }
}

/**
 * The text of arguments that an endpoint sent as an object, as that object in a string, or not at all; `''` when there are
 * none.
 *
 * @throws ChatError `malformed` for anything else: a tool must not run with other arguments.
 * @example
 * argumentsText({ city: 'Bern' }) // '{"city":"Bern"}'
 */
export function argumentsText(received: unknown): string {
  if (received === undefined || received === null) return ''
  if (isRecord(received)) return Object.keys(received).length === 0 ? '' : boundedJson(received, Infinity)
  if (typeof received === 'string') {
    const value = received.trim() === '' ? null : parseJson(received)
    if (value === null) return ''
    if (isRecord(value)) return received
  }
  throw new ChatError('malformed', 'the arguments of a tool call are not a JSON object')
}
