import type { Answer } from '../../answers.ts'
import type { ToolCall } from '../../answers/tool-calls.ts'
import { recordIn, textIn } from '../../fields.ts'
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
  /** The names of the tools whose input is a text. */
  readonly customTools: readonly string[]
  /** The namespaces of the tools that have one, by their names. */
  readonly namespaces: ReadonlyMap<string, string>
  /** What the web is searched for before a text. */
  readonly search?: string | undefined
}

export function itemsOf(answer: Answer, options: ReplyOptions, form?: CallForm): Item[] {
  const { reasoning, calls } = answer
  const key = answer.id.replace('chatcmpl-', '')
  return [
    ...(reasoning === undefined ? [] : [reasoningItem(`rs_${key}`, reasoning, options)]),
    ...(calls === undefined && options.search !== undefined ? [searchItem(`ws_${key}`, options.search)] : []),
    ...(calls === undefined ? [answerItem(`msg_${key}`, answer, options)] : []),
    ...callsInForm(calls ?? [], form).map((call) => callItem(call, options)),
  ]
}

/** The message of an answer. One that the web was searched for has a citation. */
export const answerItem = (id: string, { tokens, isRefusal = false }: Answer, { search }: ReplyOptions): Item =>
  messageItem(id, tokens, isRefusal, search === undefined ? [] : [citation])

const citation = { type: 'url_citation', start_index: 0, end_index: 1, url: 'https://example.com/', title: 'Example' }

function messageItem(id: string, tokens: readonly string[], isRefusal: boolean, citations: readonly object[]): Item {
  const text = tokens.join('')
  const item = { id, type: 'message', role: 'assistant' }
  const partOf = (words: string, annotations: readonly object[] = citations): object =>
    isRefusal ? { type: 'refusal', refusal: words } : { type: 'output_text', annotations, logprobs: [], text: words }
  const place = { content_index: 0 }
  const name = isRefusal ? 'refusal' : 'output_text'
  const extra = isRefusal ? {} : { logprobs: [] }
  return {
    id,
    initial: { ...item, status: 'in_progress', content: [] },
    final: { ...item, status: 'completed', content: [partOf(text)] },
    opening: [{ type: 'content_part.added', ...place, part: partOf('', []) }],
    pieces: tokens.map((delta) => ({ type: `${name}.delta`, ...place, delta, ...extra })),
    closing: [
      ...citations.map((annotation, at) => ({
        type: 'output_text.annotation.added',
        ...place,
        annotation_index: at,
        annotation,
      })),
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

function searchItem(id: string, query: string): Item {
  const item = { id, type: 'web_search_call', action: { type: 'search', query } }
  return {
    id,
    initial: { ...item, status: 'in_progress' },
    final: { ...item, status: 'completed' },
    opening: [],
    pieces: [],
    closing: ['in_progress', 'searching', 'completed'].map((state) => ({ type: `web_search_call.${state}` })),
  }
}

function callItem({ id, name, fragments }: ToolCall, { customTools, namespaces }: ReplyOptions): Item {
  const isCustom = customTools.includes(name)
  const [type, field, events, prefix] = isCustom
    ? (['custom_tool_call', 'input', 'custom_tool_call_input', 'ctc_'] as const)
    : (['function_call', 'arguments', 'function_call_arguments', 'fc_'] as const)
  const itemId = id.replace('call_', prefix)
  const namespace = namespaces.get(name)
  const item = { id: itemId, type, call_id: id, name, ...(namespace === undefined ? {} : { namespace }) }
  const pieces = isCustom ? piecesOf(textOf(fragments.join(''))) : fragments
  const input = pieces.join('')
  return {
    id: itemId,
    initial: { ...item, status: 'in_progress', [field]: '' },
    final: { ...item, status: 'completed', [field]: input },
    opening: [],
    pieces: pieces.map((delta) => ({ type: `${events}.delta`, delta })),
    closing: [{ type: `${events}.done`, [field]: input, ...(isCustom ? {} : { name }) }],
  }
}

/** The text in the arguments of a tool whose only field is `input`. Arguments that were cut have none. */
function textOf(json: string): string {
  try {
    return textIn(recordIn(JSON.parse(json)).input)
  } catch {
    return json
  }
}

const piecesOf = (text: string): readonly string[] => text.match(/[^]{1,8}/gu) ?? []
