import type { Answer } from '../../answers.ts'
import type { Part, Reply } from '../../dialect.ts'
import { documentReply, textPlaceholder } from '../../document.ts'
import type { ReplyFormat, UsageForm } from '../../incoming-request.ts'
import type { WireError } from '../../request-error.ts'
import { interleave, pairOf } from '../openai-tool-calls.ts'
import { created } from '../openai-replies.ts'
import { openaiErrorBody } from '../openai/error.ts'
import { type Event, type Item, answerItem, itemsOf, type ReplyOptions } from './items.ts'

const encoder = new TextEncoder()

/** Numbered events: each item when it is added, in pieces, and complete; the last event has the whole response. */
export function eventReply(model: string, options: ReplyOptions, answer: Answer, format: ReplyFormat): Reply {
  let number = 0
  const write = ({ type, ...rest }: Event): string => {
    const event = { type: `response.${type}`, sequence_number: number++, ...rest }
    return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
  }
  const part = (kind: Part['kind'], ...events: readonly Event[]): Part => ({
    kind,
    bytes: encoder.encode(events.map(write).join('')),
  })
  const { callForm: form, usageForm } = format
  const pair =
    form === 'interleaved' && answer.calls !== undefined ? { ...answer, calls: pairOf(answer.calls) } : answer
  const items = itemsOf(pair, options, form)
  const final = { ...headOf(model, answer), output: items.map((item) => item.final), ...endOf(answer, usageForm) }
  const initial = { ...headOf(model, answer), status: 'in_progress', output: [], usage: null }

  const parts = [part('open', { type: 'created', response: initial }, { type: 'in_progress', response: initial })]
  const placed = items.map((item, at) =>
    placedAt(item, form === 'no-index' ? undefined : form === 'same-index' ? 0 : at),
  )
  // Interleaved calls are open at the same time; any other item ends before the next begins.
  const groups = form === 'interleaved' && answer.calls !== undefined ? grouped(placed) : placed
  let closing: readonly Event[] = []
  for (const { opening, pieces, closing: end } of groups) {
    parts.push(part('open', ...closing, ...opening), ...pieces.map((piece) => part('content', piece)))
    closing = end
  }
  const isCut = answer.earlyStop?.reason === 'length'
  parts.push(part('finish', ...closing), part('end', { type: isCut ? 'incomplete' : 'completed', response: final }))
  return {
    contentType: 'text/event-stream; charset=utf-8',
    framing: 'sse',
    parts,
    isDocument: false,
    endMark: true,
    strictEnd: true,
    error: (error) => encoder.encode(`event: error\ndata: ${JSON.stringify(errorEvent(error, number))}\n\n`),
  }
}

export function wholeReply(model: string, options: ReplyOptions, answer: Answer, format: ReplyFormat): Reply {
  const items = itemsOf(answer, options, format.callForm).map((item) =>
    item.id.startsWith('msg_') ? answerItem(item.id, { ...answer, tokens: [textPlaceholder] }, options) : item,
  )
  const output = items.map((item) => item.final)
  const document = { ...headOf(model, answer), output, ...endOf(answer, format.usageForm) }
  return documentReply(document, answer.tokens, openaiErrorBody)
}

/** The events of one item, or of two that are open at the same time. */
type Written = Pick<Item, 'opening' | 'pieces' | 'closing'>

function placedAt({ id, initial, final, opening, pieces, closing }: Item, index: number | undefined): Written {
  const place = index === undefined ? {} : { output_index: index }
  const at = (event: Event): Event => ({ ...event, item_id: id, ...place })
  return {
    opening: [{ type: 'output_item.added', ...place, item: initial }, ...opening.map(at)],
    pieces: pieces.map(at),
    closing: [...closing.map(at), { type: 'output_item.done', ...place, item: final }],
  }
}

function grouped(items: readonly Written[]): Written[] {
  const [one, other] = items.slice(-2)
  if (one === undefined || other === undefined) return [...items]
  const both = {
    opening: [...one.opening, ...other.opening],
    pieces: interleave(one.pieces, other.pieces),
    closing: [...one.closing, ...other.closing],
  }
  return [...items.slice(0, -2), both]
}

const headOf = (model: string, { id }: Answer): object => ({
  id: id.replace('chatcmpl-', 'resp_'),
  object: 'response',
  created_at: created,
  model,
  access_programs: null,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  store: false,
})

function endOf({ earlyStop, ...answer }: Answer, form: UsageForm = 'last-chunk'): object {
  const isCut = earlyStop?.reason === 'length'
  const { inputTokens, outputTokens, cachedTokens, reasoning = [] } = answer
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoning.length },
    total_tokens: inputTokens + outputTokens,
  }
  const nonsense = { input_tokens: 'NaN', output_tokens: null, total_tokens: -1 }
  return {
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    ...(form === 'absent' ? {} : { usage: form === 'nonsense' ? nonsense : usage }),
  }
}

/** In a stream an error is an event with `code` and `message` at its top level. */
function errorEvent({ message, code, param }: WireError, number: number): object {
  return { type: 'error', sequence_number: number, code, message, param: param ?? null }
}
