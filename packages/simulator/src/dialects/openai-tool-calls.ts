import type { ToolCall } from '../answers.ts'
import type { CallForm } from '../incoming-request.ts'

/** The `tool_calls` of an answer, complete and as deltas, in every form observed at real endpoints. */

/** The deltas of one answer, one per chunk. */
export function callDeltas(calls: readonly ToolCall[], form: CallForm = 'id-first-only'): object[] {
  if (form === 'id-first-only') return calls.flatMap((call, index) => deltasOf(call, index))
  const [call, second] = pairOf(calls)
  if (call === undefined || second === undefined) return []
  const [one, other] = [deltasOf(call, 0), deltasOf(second, form === 'same-index' ? 0 : 1)]
  switch (form) {
    case 'interleaved':
      return interleave(one, other)
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

/** The same calls in a single document. */
export function wholeCalls(calls: readonly ToolCall[], form: CallForm = 'id-first-only'): object[] {
  const inForm = callsInForm(calls, form).map(whole)
  return form === 'same-index' ? inForm.map((call) => ({ index: 0, ...call })) : inForm
}

/** The calls of a form, for dialects that send each call in one piece. */
export function callsInForm(calls: readonly ToolCall[], form: CallForm = 'id-first-only'): readonly ToolCall[] {
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

/** The arguments as a value. Truncated arguments stay a string, which is not the object they should be. */
export function inputOf({ fragments }: ToolCall): unknown {
  const json = fragments.join('')
  if (json === '') return {}
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json
  }
}

/** Two calls. A single call gets a second one with other arguments, which exposes a reader that mixes the two. */
export function pairOf(calls: readonly ToolCall[]): ToolCall[] {
  const [one, other] = calls
  if (one === undefined) return []
  return [one, other ?? { id: `${one.id}b`, name: 'get_time', fragments: ['{"zone":', '"Europe/', 'Oslo"}'] }]
}

interface Delta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function' | 'custom'
  readonly function?: { readonly name?: string; readonly arguments: string }
  readonly custom?: { readonly name?: string; readonly input: string }
}

/** The id and the name once, then the arguments in fragments, as OpenAI sends them. */
function deltasOf({ id, name, fragments, isText = false }: ToolCall, index: number): Delta[] {
  if (isText) {
    return [
      { index, id, type: 'custom', custom: { name, input: '' } },
      ...fragments.map((input) => ({ index, custom: { input } })),
    ]
  }
  return [
    { index, id, type: 'function', function: { name, arguments: '' } },
    ...fragments.map((fragment) => ({ index, function: { arguments: fragment } })),
  ]
}

function whole({ id, name, fragments, isText = false }: ToolCall): object {
  if (isText) return { id, type: 'custom', custom: { name, input: fragments.join('') } }
  return { id, type: 'function', function: { name, arguments: fragments.join('') } }
}

export function interleave<T>(left: readonly T[], right: readonly T[]): T[] {
  const longer = left.length > right.length ? left : right
  return longer.flatMap((_, at) => [...left.slice(at, at + 1), ...right.slice(at, at + 1)])
}
