import type { Answer } from '../../answers.ts'
import type { ToolCall } from '../../answers/tool.ts'
import type { CallForm } from '../../incoming.ts'
import { spelling as spelt } from '../openai-calls.ts'
import { sealOf } from './input.ts'

/** One item of an output: as it is in the end, and how it comes piece by piece. */
export interface Item {
  readonly id: string
  /** As it is when it begins, and when it is whole. */
  readonly begun: object
  readonly whole: object
  /** The events between: `type` without its `response.`, and what it says besides the item's place. */
  readonly opening: readonly Event[]
  readonly pieces: readonly Event[]
  readonly closing: readonly Event[]
}

export interface Event {
  readonly type: string
  readonly [field: string]: unknown
}

export interface Manner {
  readonly isSealed: boolean
  readonly isSummarised: boolean
}

export function itemsOf(answer: Answer, manner: Manner, form?: CallForm): Item[] {
  const { reasoning, tokens, calls } = answer
  const key = answer.id.replace('chatcmpl-', '')
  return [
    ...(reasoning === undefined ? [] : [thoughtItem(`rs_${key}`, reasoning, manner)]),
    ...(calls === undefined ? [messageItem(`msg_${key}`, tokens, answer.isRefusal === true)] : []),
    ...spelt(calls ?? [], form).map(callItem),
  ]
}

/** @param text In place of the tokens, where they are put in later. */
export function messageItem(id: string, tokens: readonly string[], isRefusal: boolean, text = tokens.join('')): Item {
  const item = { id, type: 'message', role: 'assistant' }
  const partOf = (words: string): object =>
    isRefusal
      ? { type: 'refusal', refusal: words }
      : { type: 'output_text', annotations: [], logprobs: [], text: words }
  const place = { content_index: 0 }
  const name = isRefusal ? 'refusal' : 'output_text'
  const extra = isRefusal ? {} : { logprobs: [] }
  return {
    id,
    begun: { ...item, status: 'in_progress', content: [] },
    whole: { ...item, status: 'completed', content: [partOf(text)] },
    opening: [{ type: 'content_part.added', ...place, part: partOf('') }],
    pieces: tokens.map((delta) => ({ type: `${name}.delta`, ...place, delta, ...extra })),
    closing: [
      { type: `${name}.done`, ...place, [isRefusal ? 'refusal' : 'text']: text, ...extra },
      { type: 'content_part.done', ...place, part: partOf(text) },
    ],
  }
}

function thoughtItem(id: string, tokens: readonly string[], { isSealed, isSummarised }: Manner): Item {
  const text = tokens.join('')
  const seal = isSealed ? { encrypted_content: sealOf(id) } : {}
  const place = { summary_index: 0 }
  const part = (words: string): object => ({ type: 'summary_text', text: words })
  const item = { id, type: 'reasoning', ...seal }
  if (!isSummarised) {
    const whole = { ...item, summary: [] }
    return { id, begun: whole, whole, opening: [], pieces: [], closing: [] }
  }
  return {
    id,
    begun: { ...item, summary: [] },
    whole: { ...item, summary: [part(text)] },
    opening: [{ type: 'reasoning_summary_part.added', ...place, part: part('') }],
    pieces: tokens.map((delta) => ({ type: 'reasoning_summary_text.delta', ...place, delta })),
    closing: [
      { type: 'reasoning_summary_text.done', ...place, text },
      { type: 'reasoning_summary_part.done', ...place, part: part(text) },
    ],
  }
}

function callItem({ id, name, fragments }: ToolCall): Item {
  const itemId = id.replace('call_', 'fc_')
  const item = { id: itemId, type: 'function_call', call_id: id, name }
  const json = fragments.join('')
  return {
    id: itemId,
    begun: { ...item, status: 'in_progress', arguments: '' },
    whole: { ...item, status: 'completed', arguments: json },
    opening: [],
    pieces: fragments.map((delta) => ({ type: 'function_call_arguments.delta', delta })),
    closing: [{ type: 'function_call_arguments.done', arguments: json, name }],
  }
}
