import type { ToolCall } from '../answers.ts'
import type { CallForm } from '../incoming.ts'

/** The `tool_calls` of an answer, whole and in deltas, in every form that endpoints have been seen to send. */

/** The deltas of one answer, one for each chunk. */
export function callDeltas(calls: readonly ToolCall[], form: CallForm = 'id-first-only'): object[] {
  if (form === 'id-first-only') return calls.flatMap((call, index) => deltasOf(call, index))
  const [call, beside] = pairOf(calls)
  if (call === undefined || beside === undefined) return []
  const [one, other] = [deltasOf(call, 0), deltasOf(beside, form === 'same-index' ? 0 : 1)]
  switch (form) {
    case 'interleaved':
      return alternately(one, other)
    case 'same-index':
      return [...one, ...other]
    case 'no-index':
      return [...one, ...other].map(({ index: _index, ...delta }) => delta)
    case 'empty-arguments':
      return one.slice(0, 1)
    case 'cut-arguments':
      return one.slice(0, -Math.ceil(call.fragments.length / 2))
  }
}

/** The same calls in one document. */
export function wholeCalls(calls: readonly ToolCall[], form: CallForm = 'id-first-only'): object[] {
  const spelt = spelling(calls, form).map(whole)
  return form === 'same-index' ? spelt.map((call) => ({ index: 0, ...call })) : spelt
}

/** The calls that a form holds, for dialects in which a call comes in one piece. */
export function spelling(calls: readonly ToolCall[], form: CallForm = 'id-first-only'): readonly ToolCall[] {
  const first = calls.slice(0, 1)
  switch (form) {
    case 'id-first-only':
      return calls
    case 'interleaved':
    case 'no-index':
    case 'same-index':
      return pairOf(calls)
    case 'empty-arguments':
      return first.map((call) => ({ ...call, fragments: [] }))
    case 'cut-arguments':
      return first.map((call) => ({
        ...call,
        fragments: call.fragments.slice(0, Math.floor(call.fragments.length / 2)),
      }))
  }
}

/** The arguments as a value. Those that were cut are the text that is left of them: no object, as they should be. */
export function inputOf({ fragments }: ToolCall): unknown {
  const json = fragments.join('')
  if (json === '') return {}
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json
  }
}

/** Two calls: where one was asked for, another beside it with other arguments, so that a reader that mixes the two is found out. */
export function pairOf(calls: readonly ToolCall[]): ToolCall[] {
  const [one, other] = calls
  if (one === undefined) return []
  return [one, other ?? { id: `${one.id}b`, name: 'get_time', fragments: ['{"zone":', '"Europe/', 'Oslo"}'] }]
}

interface Delta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name?: string; readonly arguments: string }
}

/** The id and the name once, then the arguments in fragments, as OpenAI sends them. */
function deltasOf({ id, name, fragments }: ToolCall, index: number): Delta[] {
  return [
    { index, id, type: 'function', function: { name, arguments: '' } },
    ...fragments.map((fragment) => ({ index, function: { arguments: fragment } })),
  ]
}

function whole({ id, name, fragments }: ToolCall): object {
  return { id, type: 'function', function: { name, arguments: fragments.join('') } }
}

export function alternately<T>(left: readonly T[], right: readonly T[]): T[] {
  const longer = left.length > right.length ? left : right
  return longer.flatMap((_, at) => [...left.slice(at, at + 1), ...right.slice(at, at + 1)])
}
