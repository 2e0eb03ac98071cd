import type { Answer } from '../../answers.ts'
import type { ToolCall } from '../../answers/tool-calls.ts'
import type { CallForm } from '../../incoming-request.ts'
import { callsInForm } from '../openai-tool-calls.ts'
import { encryptedContentOf } from './input.ts'

/** One output item: its initial and final state, and the events that stream it. */
export interface Item {
  readonly id: string
  /** The item when it is added. */
  readonly initial: object
  /** The item when it is done. */
  readonly final: object
  /** The events between; `type` without the prefix `response.`, and without the item's position. */
  readonly opening: readonly Event[]
  readonly pieces: readonly Event[]
  readonly closing: readonly Event[]
}

export interface Event {
  readonly type: string
  readonly [field: string]: unknown
}

export interface ReplyOptions {
  readonly includesEncrypted: boolean
  readonly isSummarised: boolean
}

export function itemsOf(answer: Answer, options: ReplyOptions, form?: CallForm): Item[] {
  const { reasoning, tokens, calls } = answer
  const key = answer.id.replace('chatcmpl-', '')
  return [
    ...(reasoning === undefined ? [] : [reasoningItem(`rs_${key}`, reasoning, options)]),
    ...(calls === undefined ? [messageItem(`msg_${key}`, tokens, answer.isRefusal === true)] : []),
    ...callsInForm(calls ?? [], form).map(callItem),
  ]
}

/** @param text Replaces the joined tokens; a placeholder if they are inserted later. */
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
    initial: { ...item, status: 'in_progress', content: [] },
    final: { ...item, status: 'completed', content: [partOf(text)] },
    opening: [{ type: 'content_part.added', ...place, part: partOf('') }],
    pieces: tokens.map((delta) => ({ type: `${name}.delta`, ...place, delta, ...extra })),
    closing: [
      { type: `${name}.done`, ...place, [isRefusal ? 'refusal' : 'text']: text, ...extra },
      { type: 'content_part.done', ...place, part: partOf(text) },
    ],
  }
}

function reasoningItem(id: string, tokens: readonly string[], { includesEncrypted, isSummarised }: ReplyOptions): Item {
  const text = tokens.join('')
  const seal = includesEncrypted ? { encrypted_content: encryptedContentOf(id) } : {}
  const place = { summary_index: 0 }
  const part = (words: string): object => ({ type: 'summary_text', text: words })
  const item = { id, type: 'reasoning', ...seal }
  if (!isSummarised) {
    const final = { ...item, summary: [] }
    return { id, initial: final, final, opening: [], pieces: [], closing: [] }
  }
  return {
    id,
    initial: { ...item, summary: [] },
    final: { ...item, summary: [part(text)] },
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
    initial: { ...item, status: 'in_progress', arguments: '' },
    final: { ...item, status: 'completed', arguments: json },
    opening: [],
    pieces: fragments.map((delta) => ({ type: 'function_call_arguments.delta', delta })),
    closing: [{ type: 'function_call_arguments.done', arguments: json, name }],
  }
}
