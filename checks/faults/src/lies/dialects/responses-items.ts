import { cutAnywhere, cutInsideLetters } from '../content.ts'
import type { MeantCall } from '../meant.ts'
import type { Spelling } from '../oddities.ts'
import type { Frame } from '../script.ts'

/** An item of the output: what is told of it in pieces, and its whole. */
export interface Item {
  /** The events of the item, from its beginning to its `done`. */
  frames: Frame[]
  /** As it stands in the final response. */
  whole: Record<string, unknown>
}

type Wire = Record<string, unknown>

/** Makes one event of a type, with the fields that name its item. */
type Event = (type: string, fields: Wire, text?: string) => Frame

/** The events of one item, with the names that its server gives it. */
function events(at: number, { has, roll }: Spelling): { id: string; event: Event } {
  const id = `item_${at}`
  const changing = roll(`item ${at}`)
  const event: Event = (type, fields, text) => {
    const item_id = has('item-ids-changing') ? `x${changing.int(1e6)}` : id
    const names = type.startsWith('response.output_item') ? {} : { item_id }
    const json = { type, output_index: at, ...names, ...fields }
    return { ...(!has('unnamed') && { event: type }), json, ...(text !== undefined && { text }) }
  }
  return { id, event }
}

/** Which of the places that repeat each other carry the content: the deltas, the events that end a part, the whole item. */
interface Told {
  deltas: readonly string[]
  done: boolean
  /** `response.output_item.done`. */
  item: boolean
}

function told(what: 'text' | 'arguments' | 'thought', pieces: readonly string[], { has }: Spelling): Told {
  const lost = has(`${what}-in-done`) || has(`${what}-in-item`) || has(`${what}-in-completed`)
  // The last delta does not arrive.
  const tail = has(`${what}-tail-lost`) ? pieces.slice(0, -1) : pieces
  return {
    deltas: lost ? [] : tail,
    done: !has('done-absent') && !has(`${what}-in-item`) && !has(`${what}-in-completed`),
    item: !has('done-absent') && !has(`${what}-in-completed`),
  }
}

/** A piece without which the others are not the beginning of the text; -1 when there is none. */
export function holeIn(texts: readonly string[]): number {
  const whole = texts.join('')
  return texts.findIndex((_text, at) => !whole.startsWith(texts.filter((_other, index) => index !== at).join('')))
}

/** What repeats the whole and says something else. */
const other = (whole: string): string => `${whole.slice(0, -1)}≠`

export function messageItem(texts: readonly string[], { at, spelling }: { at: number; spelling: Spelling }): Item {
  const { has, meant } = spelling
  const { id, event } = events(at, spelling)
  const isRefusal = meant.reason === 'content-filter' && has('refusal')
  const pieces = has('half-surrogates') ? cutInsideLetters(texts) : [...texts]
  const differs = meant.failure?.kind === 'differs'
  const hole = differs && has('text-with-a-hole') ? holeIn(texts) : -1
  const { deltas, done, item } = told('text', pieces, spelling)
  const text = texts.join('')
  const field = isRefusal ? 'refusal' : 'text'
  const kind = isRefusal ? 'refusal' : 'output_text'
  const said = differs && has('text-differs') ? other(text) : text
  const part = { type: kind, [field]: said, ...(!isRefusal && { annotations: [] }) }
  const whole = { type: 'message', id, role: 'assistant', status: 'completed', content: [part] }
  let open = text
  const spoken = deltas
    .filter((_delta, number) => number !== hole)
    .map((delta) => {
      open = open.slice(delta.length)
      return event(`response.${kind}.delta`, { content_index: 0, delta }, delta)
    })
  // The first repetition that arrives carries what the deltas did not.
  const rest = (): string => {
    const words = open
    open = ''
    return words
  }
  return {
    whole,
    frames: [
      ...(has('added-absent')
        ? []
        : [event('response.output_item.added', { item: { ...whole, status: 'in_progress', content: [] } })]),
      ...(has('added-absent')
        ? []
        : [event('response.content_part.added', { content_index: 0, part: { ...part, [field]: '' } })]),
      ...spoken,
      ...(done ? [event(`response.${kind}.done`, { content_index: 0, [field]: said }, differs ? '' : rest())] : []),
      ...(done ? [event('response.content_part.done', { content_index: 0, part })] : []),
      ...(item ? [event('response.output_item.done', { item: whole }, differs ? '' : rest())] : []),
    ],
  }
}

export function callItem(call: MeantCall, { at, spelling }: { at: number; spelling: Spelling }): Item {
  const { has, meant, roll } = spelling
  const { id, event } = events(at, spelling)
  const isCut = meant.cutCall === call
  const json = isCut ? JSON.stringify(call.args).slice(0, -2) : argumentsText(call, spelling)
  const { deltas, done, item } = told('arguments', cutAnywhere(json, roll(`arguments ${call.id}`)), spelling)
  const said = meant.failure?.kind === 'differs' && has('arguments-differ') ? other(json) : json
  const call_id = has('ids-shared') ? 'call_0' : has('ids-absent') ? undefined : call.id
  const whole = { type: 'function_call', id, call_id, name: call.name, arguments: said, status: 'completed' }
  return {
    whole,
    frames: [
      ...(has('added-absent')
        ? []
        : [event('response.output_item.added', { item: { ...whole, arguments: '', status: 'in_progress' } })]),
      ...deltas.map((delta) => event('response.function_call_arguments.delta', { delta })),
      ...(done && !isCut ? [event('response.function_call_arguments.done', { arguments: said, name: call.name })] : []),
      ...(item && !isCut ? [event('response.output_item.done', { item: whole })] : []),
    ],
  }
}

function argumentsText(call: MeantCall, { meant, has }: Spelling): string {
  const json = JSON.stringify(call.args)
  if (meant.failure?.kind !== 'broken-arguments' || call !== meant.calls.at(-1)) return json
  return has('arguments-cut') ? '{"path":"x' : 'the path is x'
}

export function thoughtItem(thoughts: readonly string[], { at, spelling }: { at: number; spelling: Spelling }): Item {
  const { has } = spelling
  const { id, event } = events(at, spelling)
  const text = thoughts.join('')
  const isPlain = has('thoughts-as-reasoning-text')
  // A summary's parts are paragraphs, so that a blank line is where one ends.
  const parts = has('thoughts-in-parts') ? text.split('\n\n') : [text]
  const { deltas, done, item } = told('thought', parts.length > 1 ? parts : thoughts, spelling)
  const summary = parts.map((part) => ({ type: isPlain ? 'reasoning_text' : 'summary_text', text: part }))
  const whole = { type: 'reasoning', id, ...(isPlain ? { summary: [], content: summary } : { summary }) }
  const kind = isPlain ? 'response.reasoning_text' : 'response.reasoning_summary_text'
  const place = (number: number): Wire => (isPlain ? { content_index: number } : { summary_index: number })
  const inParts = parts.flatMap((part, number) => [
    ...(isPlain
      ? []
      : [
          event('response.reasoning_summary_part.added', {
            ...place(number),
            part: { type: 'summary_text', text: '' },
          }),
        ]),
    ...(parts.length > 1 ? deltas.slice(number, number + 1) : deltas).map((delta) =>
      event(`${kind}.delta`, { ...place(number), delta }),
    ),
    ...(done ? [event(`${kind}.done`, { ...place(number), text: part })] : []),
  ])
  return {
    whole,
    frames: [
      ...(has('added-absent')
        ? []
        : [event('response.output_item.added', { item: { type: 'reasoning', id, summary: [] } })]),
      ...inParts,
      ...(item ? [event('response.output_item.done', { item: whole })] : []),
    ],
  }
}
