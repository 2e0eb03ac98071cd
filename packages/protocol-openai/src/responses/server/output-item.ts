import type { Origin } from '@rivulet/core'
import { jsonEscape } from '@rivulet/core/provider'
import { type Proof, writeProof } from '../proof.ts'
import { Pieces } from './pieces.ts'

/** Writes an event of the stream: its type without `response.`, and its fields as members of a JSON object. */
type Line = (type: string, members: string) => string

type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

const quoted = (text: string): string => `"${jsonEscape(text)}"`

/** One item of an output as it is written: its beginning, its pieces and its end repeat each other, and so does the response. */
export abstract class OutputItem {
  abstract readonly type: string
  readonly id: string
  readonly index: number
  /** Everything has been said. */
  isDone = false
  readonly #line: Line
  readonly #status: boolean

  /** @param hasStatus Reasoning and items of the API's own have none, or their own. */
  constructor({ id, index, line }: ItemPlace, hasStatus = true) {
    this.id = id
    this.index = index
    this.#line = line
    this.#status = hasStatus
  }

  /** The members that come after the id and the type: empty ones when the item begins. */
  protected abstract members(isWhole: boolean): string

  begin(): string {
    return this.#line('output_item.added', `"output_index":${this.index},"item":${this.#json('in_progress', false)}`)
  }

  end(status: ItemStatus): string {
    this.isDone = true
    return this.#line('output_item.done', `"output_index":${this.index},"item":${this.json(status)}`)
  }

  /** The whole item. */
  json(status: ItemStatus = 'completed'): string {
    return this.#json(status, true)
  }

  protected line(type: string, members: string): string {
    return this.#line(type, `"item_id":${quoted(this.id)},"output_index":${this.index},${members}`)
  }

  #json(status: ItemStatus, isWhole: boolean): string {
    const state = this.#status ? `"status":"${status}"` : ''
    const members = [`"id":${quoted(this.id)}`, `"type":${quoted(this.type)}`, state, this.members(isWhole)]
    return `{${members.filter((each) => each !== '').join(',')}}`
  }
}

export interface ItemPlace {
  id: string
  index: number
  line: Line
}

export class MessageItem extends OutputItem {
  readonly type = 'message'
  readonly #text = new Pieces()
  readonly #annotations: string[] = []
  readonly #phase: string

  constructor(place: ItemPlace, phase: string | undefined) {
    super(place)
    this.#phase = phase === undefined ? '' : `,"phase":${quoted(phase)}`
  }

  override begin(): string {
    return super.begin() + this.line('content_part.added', `"content_index":0,"part":${partOf('', [])}`)
  }

  piece(text: string): string {
    this.#text.add(text)
    return this.line('output_text.delta', `"content_index":0,"delta":${quoted(text)},"logprobs":[]`)
  }

  cite(citation: object): string {
    const json = JSON.stringify(citation)
    const number = this.#annotations.push(json) - 1
    return this.line(
      'output_text.annotation.added',
      `"content_index":0,"annotation_index":${number},"annotation":${json}`,
    )
  }

  override end(status: ItemStatus): string {
    const text = this.#text.toString()
    return (
      this.line('output_text.done', `"content_index":0,"text":${quoted(text)},"logprobs":[]`) +
      this.line('content_part.done', `"content_index":0,"part":${partOf(text, this.#annotations)}`) +
      super.end(status)
    )
  }

  protected override members(isWhole: boolean): string {
    const content = isWhole ? partOf(this.#text.toString(), this.#annotations) : ''
    return `"role":"assistant","content":[${content}]${this.#phase}`
  }
}

const partOf = (text: string, annotations: readonly string[]): string =>
  `{"type":"output_text","text":${quoted(text)},"annotations":[${annotations.join(',')}],"logprobs":[]}`

export class ReasoningItem extends OutputItem {
  readonly type = 'reasoning'
  readonly #text = new Pieces()
  #hasText = false
  #proof: string | undefined
  /** The author's id of the reasoning, which a seal will be bound to. */
  readonly boundTo: string | undefined

  constructor(place: ItemPlace, boundTo?: string) {
    super(place, false)
    this.boundTo = boundTo
  }

  piece(text: string): string {
    if (text === '') return ''
    const begin = this.#hasText
      ? ''
      : this.line('reasoning_summary_part.added', `"summary_index":0,"part":${summary('')}`)
    this.#hasText = true
    this.#text.add(text)
    return begin + this.line('reasoning_summary_text.delta', `"summary_index":0,"delta":${quoted(text)}`)
  }

  /** @param author See {@link writeProof}. */
  prove(proof: Proof, author: Origin | undefined): void {
    this.#proof = writeProof(proof, author)
  }

  override end(status: ItemStatus): string {
    const text = this.#text.toString()
    const parts = this.#hasText
      ? this.line('reasoning_summary_text.done', `"summary_index":0,"text":${quoted(text)}`) +
        this.line('reasoning_summary_part.done', `"summary_index":0,"part":${summary(text)}`)
      : ''
    return parts + super.end(status)
  }

  protected override members(isWhole: boolean): string {
    const parts = isWhole && this.#hasText ? summary(this.#text.toString()) : ''
    const proof = isWhole ? this.#proof : this.boundTo && ''
    return `"summary":[${parts}]${proof === undefined ? '' : `,"encrypted_content":${quoted(proof)}`}`
  }
}

const summary = (text: string): string => `{"type":"summary_text","text":${quoted(text)}}`

/** How the calls of functions and of custom tools differ. */
const CALLS = {
  json: { type: 'function_call', field: 'arguments', events: 'function_call_arguments' },
  text: { type: 'custom_tool_call', field: 'input', events: 'custom_tool_call_input' },
} as const

export class CallItem extends OutputItem {
  readonly type: string
  readonly #call: (typeof CALLS)['json' | 'text']
  readonly #names: string
  readonly #input = new Pieces()

  constructor(place: ItemPlace, format: 'json' | 'text', names: { call_id: string; name: string; namespace?: string }) {
    super(place)
    this.#call = CALLS[format]
    this.type = this.#call.type
    this.#names = JSON.stringify(names).slice(1, -1)
  }

  piece(text: string): string {
    if (text === '') return ''
    this.#input.add(text)
    return this.line(`${this.#call.events}.delta`, `"delta":${quoted(text)}`)
  }

  override end(status: ItemStatus): string {
    const { events, field } = this.#call
    return this.line(`${events}.done`, `"${field}":${quoted(this.#whole())}`) + super.end(status)
  }

  protected override members(isWhole: boolean): string {
    return `${this.#names},"${this.#call.field}":${quoted(isWhole ? this.#whole() : '')}`
  }

  /** No arguments are an empty object: clients parse them. */
  #whole(): string {
    const input = this.#input.toString()
    return input === '' && this.#call === CALLS.json ? '{}' : input
  }
}

/** An item that only this dialect has a word for, as it came. */
export class NativeItem extends OutputItem {
  readonly type: string
  readonly #rest: string

  constructor(place: ItemPlace, value: Readonly<Record<string, unknown>>) {
    super(place, false)
    const { id: _id, type, ...rest } = value
    this.type = String(type)
    this.#rest = JSON.stringify(rest).slice(1, -1)
  }

  protected override members(): string {
    return this.#rest
  }
}
