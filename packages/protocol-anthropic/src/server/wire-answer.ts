import type { ChatEvent, Origin, Usage } from '@rivulet/core'
import { CallIds, isRecord, writeSeal } from '@rivulet/core/provider'
import { allowed } from '../client/wire-ids.ts'
import { DIALECT } from '../dialect.ts'
import type { TextDelta } from '../text-delta.ts'
import { BlockOrder } from './block-order.ts'
import { writeFinishReason } from './finish-reason.ts'
import { startUsage, writeUsage } from './usage.ts'

/** One message of an event stream; its `type` is the name of the event. */
export type WireMessage = Record<string, unknown> & { type: string }

export interface AnswerOptions {
  /** The id of an answer whose `start` has none. */
  id: string
  /** The model of an answer without a `start`. */
  model: string
  /** Signatures are written with their author, as seals. */
  seal: boolean
  /** The tokens of the request, said until an endpoint has counted them. @default not said */
  estimate?: (() => Partial<Usage>) | undefined
}

interface OpenBlock {
  index: number
  /** `'own'` is a block of the vendor's that has begun to pass. */
  kind: 'text' | 'thinking' | 'sealed' | 'call' | 'own'
  /** Of a call. */
  id?: string
  /** The citations of a text have passed. */
  isCited?: boolean
}

const KINDS: ReadonlyMap<unknown, OpenBlock['kind']> = /* @__PURE__ */ new Map([
  ['text', 'text'],
  ['thinking', 'thinking'],
  ['redacted_thinking', 'sealed'],
  ['tool_use', 'call'],
])

/** The model calls the tool itself, and not through another. */
const DIRECT = { type: 'direct' }

/**
 * Turns the events of an answer into messages. Content blocks have an index and follow one another: a block ends where the
 * next begins.
 */
export class WireAnswer {
  readonly #options: AnswerOptions
  #estimate: Partial<Usage> | undefined
  /** Who answers, as the last `start` says. */
  #origin: Origin | undefined
  #started = false
  #blocks = 0
  #open: OpenBlock | undefined
  readonly #order = new BlockOrder()
  /** Other providers use characters in them that the API refuses when they come back. */
  readonly #ids = new CallIds()

  constructor(options: AnswerOptions) {
    this.#options = options
  }

  get hasStarted(): boolean {
    return this.#started
  }

  /** How many blocks were begun. */
  get blocks(): number {
    return this.#blocks
  }

  /** Whether content was written, which can't be taken back. */
  get hasContent(): boolean {
    return this.#blocks > 0
  }

  /**
   * The delta of an event that only continues a block, as nearly all do. `undefined` for any other event, which goes to
   * {@link messagesOf}: that handles these too, at the cost of a list of messages.
   */
  takeDelta(event: ChatEvent): TextDelta<number> | undefined {
    const open = this.#open
    switch (event.type) {
      case 'text':
        if (open?.kind !== 'text' || event.text === '') return undefined
        return { kind: 'text_delta', index: open.index, text: event.text }
      case 'reasoning': {
        const { text, signature, sealed } = event
        if (open?.kind !== 'thinking' || text === '' || signature !== undefined || sealed !== undefined)
          return undefined
        return { kind: 'thinking_delta', index: open.index, text }
      }
      case 'tool-input': {
        if (open?.id !== event.id || event.text === '') return undefined
        if (!this.#order.continues(event.id, event.text)) return undefined
        return { kind: 'input_json_delta', index: open.index, text: event.text }
      }
      default:
        return undefined
    }
  }

  messagesOf(event: ChatEvent): WireMessage[] {
    const out: WireMessage[] = []
    for (const each of this.#order.next(event)) this.#write(each, out)
    return out
  }

  /** What waited for a call to be whole: the answer has failed, and its reader gets what had come. */
  release(): WireMessage[] {
    const out: WireMessage[] = []
    for (const each of this.#order.release()) this.#write(each, out)
    return out
  }

  /** A frame has passed that begins a block. */
  passStart(index: number, { type, id }: Readonly<Record<string, unknown>>): void {
    this.#blocks = Math.max(this.#blocks, index + 1)
    const kind = KINDS.get(type) ?? 'own'
    this.#open = kind === 'call' ? { index, kind, id: String(id) } : { index, kind }
  }

  /** A frame has passed that cites. */
  passCitation(): void {
    if (this.#open !== undefined) this.#open.isCited = true
  }

  /** A frame has passed that ends a block. */
  passStop(index: number): void {
    if (this.#open?.index !== index) return
    this.#open = undefined
    this.#order.end()
  }

  /** An event of a frame that has passed: what it said is known, and nothing is written. */
  passEvent(event: ChatEvent): void {
    this.#started = true
    if (event.type === 'start') this.#origin = { provider: event.provider, model: event.model }
    this.#order.pass(event)
  }

  /** A signature as it is written for the client. */
  sealed(value: string): string {
    return this.#options.seal && this.#origin !== undefined ? writeSeal({ ...this.#origin, value }) : value
  }

  #write(event: ChatEvent, out: WireMessage[]): void {
    if (event.type === 'raw' || event.type === 'restart' || event.type === 'resume') return
    if (event.type === 'start') this.#origin = { provider: event.provider, model: event.model }
    if (!this.#started) out.push(this.#start(event))
    switch (event.type) {
      case 'start':
        break
      case 'text':
        if (event.text !== '') {
          const index = this.#openBlock('text', { type: 'text', text: '', citations: null }, out)
          out.push(delta(index, { type: 'text_delta', text: event.text }))
        }
        break
      case 'reasoning':
        this.#thought(event, out)
        break
      case 'tool-call': {
        const { id, name } = event
        const wireId = this.#ids.take(allowed(id), 'call')
        this.#open = {
          index: this.#begin({ type: 'tool_use', id: wireId, name, input: {}, caller: DIRECT }, out),
          kind: 'call',
          id,
        }
        break
      }
      case 'tool-input':
        if (this.#open?.id === event.id && event.text !== '')
          out.push(delta(this.#open.index, { type: 'input_json_delta', partial_json: event.text }))
        break
      case 'native':
        if (event.dialect === DIALECT) this.#native(event.value, out)
        break
      case 'finish':
        this.#finish(event, out)
        break
    }
  }

  #start(event: ChatEvent): WireMessage {
    this.#started = true
    const given = event.type === 'start' ? event : undefined
    const { id = this.#options.id, model = this.#options.model } = given ?? {}
    this.#estimate = this.#options.estimate?.()
    return {
      type: 'message_start',
      message: {
        id,
        type: 'message',
        role: 'assistant',
        model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        container: null,
        diagnostics: null,
        usage: startUsage(this.#estimate),
      },
    }
  }

  #thought({ text, signature, sealed }: Extract<ChatEvent, { type: 'reasoning' }>, out: WireMessage[]): void {
    if (sealed !== undefined) {
      this.#begin({ type: 'redacted_thinking', data: this.sealed(sealed) }, out)
      this.#end(this.#blocks - 1, out)
      return
    }
    if (text === '' && signature === undefined) return
    const index = this.#openBlock('thinking', { type: 'thinking', thinking: '', signature: '' }, out)
    if (text !== '') out.push(delta(index, { type: 'thinking_delta', thinking: text }))
    if (signature === undefined) return
    out.push(delta(index, { type: 'signature_delta', signature: this.sealed(signature) }))
    // A signature ends a thought; text after it belongs to the next.
    this.#endOpen(out)
  }

  /** A block of the vendor's own; or the citations of the text that was written before it. */
  #native(value: Readonly<Record<string, unknown>>, out: WireMessage[]): void {
    if (value.type === 'text') {
      const { citations } = value
      if (this.#open?.kind !== 'text' || !Array.isArray(citations)) return
      const { index, isCited } = this.#open
      if (isCited !== true)
        for (const citation of citations) out.push(delta(index, { type: 'citations_delta', citation }))
      this.#endOpen(out)
      return
    }
    if (this.#open?.kind === 'own') {
      this.#endOpen(out)
      return
    }
    const { input } = value
    const hasInput = isRecord(input) && Object.keys(input).length > 0
    const index = this.#begin(hasInput ? { ...value, input: {} } : value, out)
    // Clients read the input of every call out of its deltas.
    if (hasInput) out.push(delta(index, { type: 'input_json_delta', partial_json: JSON.stringify(input) }))
    this.#end(index, out)
  }

  #finish({ reason, usage }: Extract<ChatEvent, { type: 'finish' }>, out: WireMessage[]): void {
    this.#endOpen(out)
    const stopped = {
      stop_reason: writeFinishReason(reason),
      stop_sequence: null,
      stop_details: null,
      container: null,
    }
    out.push(
      { type: 'message_delta', delta: stopped, usage: writeUsage(usage ?? this.#estimate) },
      { type: 'message_stop' },
    )
  }

  /** The index of the open block of this kind, or of a new one. */
  #openBlock(kind: 'text' | 'thinking', block: Record<string, unknown>, out: WireMessage[]): number {
    if (this.#open?.kind === kind) return this.#open.index
    const index = this.#begin(block, out)
    this.#open = { index, kind }
    return index
  }

  #begin(block: Readonly<Record<string, unknown>>, out: WireMessage[]): number {
    this.#endOpen(out)
    const index = this.#blocks++
    out.push({ type: 'content_block_start', index, content_block: block })
    return index
  }

  #endOpen(out: WireMessage[]): void {
    if (this.#open !== undefined) this.#end(this.#open.index, out)
    this.#open = undefined
  }

  #end(index: number, out: WireMessage[]): void {
    out.push({ type: 'content_block_stop', index })
  }
}

const delta = (index: number, fields: Record<string, unknown>): WireMessage => ({
  type: 'content_block_delta',
  index,
  delta: fields,
})
