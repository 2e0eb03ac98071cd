import { parseJson } from '@rivulet/core/provider'

/** The input of a call, as far as it has come. */
export interface CallInput {
  format: 'json' | 'text'
  input: string
}

/** The text of a text tool's input, which the AI SDK has as a JSON string. */
export function textOf(input: string): string {
  const text = parseJson(input)
  return typeof text === 'string' ? text : input
}

/** An input without arguments. */
export const isNothing = ({ format }: CallInput, input: string): boolean =>
  format === 'json' && (input.trim() === '' || input === '{}')

/** Whether the whole input says what its pieces said: the same text, or the same JSON. */
export function isSame(call: CallInput, whole: string): boolean {
  if (call.input === whole || isNothing(call, whole)) return call.input === whole || isNothing(call, call.input)
  if (call.format === 'text') return false
  const [pieces, input] = [parseJson(call.input), parseJson(whole)]
  return pieces !== undefined && JSON.stringify(pieces) === JSON.stringify(input)
}
