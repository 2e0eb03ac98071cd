import type { Answer } from '../../answers.ts'
import type { Part, Reply } from '../../dialect.ts'
import { documentReply, slot } from '../../document.ts'
import type { Spelling, UsageForm } from '../../incoming.ts'
import type { WireError } from '../../refusal.ts'
import { alternately, pairOf } from '../openai-calls.ts'
import { created } from '../openai-form.ts'
import { openaiErrorBody } from '../openai/error.ts'
import { type Event, type Item, itemsOf, type Manner, messageItem } from './items.ts'

const encoder = new TextEncoder()

/** Numbered events: what is begun, in pieces, and as a whole once more; the last one has it all. */
export function eventReply(model: string, manner: Manner, answer: Answer, spelling: Spelling): Reply {
  let number = 0
  const write = ({ type, ...rest }: Event): string => {
    const event = { type: `response.${type}`, sequence_number: number++, ...rest }
    return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
  }
  const part = (kind: Part['kind'], ...events: readonly Event[]): Part => ({
    kind,
    bytes: encoder.encode(events.map(write).join('')),
  })
  const { callForm: form, usageForm } = spelling
  const pair =
    form === 'interleaved' && answer.calls !== undefined ? { ...answer, calls: pairOf(answer.calls) } : answer
  const items = itemsOf(pair, manner, form)
  const whole = { ...headOf(model, answer), output: items.map((item) => item.whole), ...endOf(answer, usageForm) }
  const begun = { ...headOf(model, answer), status: 'in_progress', output: [], usage: null }

  const parts = [part('open', { type: 'created', response: begun }, { type: 'in_progress', response: begun })]
  const placed = items.map((item, at) =>
    placedAt(item, form === 'no-index' ? undefined : form === 'same-index' ? 0 : at),
  )
  // Calls that are interleaved are open at once; anything else ends before the next begins.
  const groups = form === 'interleaved' && answer.calls !== undefined ? grouped(placed) : placed
  let closing: readonly Event[] = []
  for (const { opening, pieces, closing: end } of groups) {
    parts.push(part('open', ...closing, ...opening), ...pieces.map((piece) => part('content', piece)))
    closing = end
  }
  const isCut = answer.cut?.reason === 'length'
  parts.push(part('finish', ...closing), part('end', { type: isCut ? 'incomplete' : 'completed', response: whole }))
  return {
    contentType: 'text/event-stream; charset=utf-8',
    framing: 'sse',
    parts,
    whole: false,
    endMark: true,
    strictEnd: true,
    error: (error) => encoder.encode(`event: error\ndata: ${JSON.stringify(errorEvent(error, number))}\n\n`),
  }
}

export function wholeReply(model: string, manner: Manner, answer: Answer, spelling: Spelling): Reply {
  const items = itemsOf(answer, manner, spelling.callForm).map((item) =>
    item.id.startsWith('msg_') ? messageItem(item.id, [], answer.isRefusal === true, slot) : item,
  )
  const output = items.map((item) => item.whole)
  const document = { ...headOf(model, answer), output, ...endOf(answer, spelling.usageForm) }
  return documentReply(document, answer.tokens, openaiErrorBody)
}

/** What is written of one item, or of two that are open at once. */
type Written = Pick<Item, 'opening' | 'pieces' | 'closing'>

function placedAt({ id, begun, whole, opening, pieces, closing }: Item, index: number | undefined): Written {
  const place = index === undefined ? {} : { output_index: index }
  const at = (event: Event): Event => ({ ...event, item_id: id, ...place })
  return {
    opening: [{ type: 'output_item.added', ...place, item: begun }, ...opening.map(at)],
    pieces: pieces.map(at),
    closing: [...closing.map(at), { type: 'output_item.done', ...place, item: whole }],
  }
}

function grouped(items: readonly Written[]): Written[] {
  const [one, other] = items.slice(-2)
  if (one === undefined || other === undefined) return [...items]
  const both = {
    opening: [...one.opening, ...other.opening],
    pieces: alternately(one.pieces, other.pieces),
    closing: [...one.closing, ...other.closing],
  }
  return [...items.slice(0, -2), both]
}

const headOf = (model: string, { id }: Answer): object => ({
  id: id.replace('chatcmpl-', 'resp_'),
  object: 'response',
  created_at: created,
  model,
  error: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  store: false,
})

function endOf({ cut, ...answer }: Answer, form: UsageForm = 'last-chunk'): object {
  const isCut = cut?.reason === 'length'
  const { inputTokens, outputTokens, cachedTokens, reasoning = [] } = answer
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
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

/** In the stream an error is an event, whose words stand at its top. */
function errorEvent({ message, code, param }: WireError, number: number): object {
  return { type: 'error', sequence_number: number, code, message, param: param ?? null }
}
