import { ChatError, type ChatEvent, type Origin } from '@rivulet/core'
import { isCitation } from '../citations.ts'
import { DIALECT } from '../dialect.ts'
import type { Namespaces } from '../namespaces.ts'
import { CallItem, type ItemPlace, MessageItem, NativeItem, type OutputItem, ReasoningItem } from './output-item.ts'
import { type ResponseObject, type ResponseState, stateOf } from './response-object.ts'

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>

export interface EventWriterOptions {
  response: ResponseObject
  namespaces: Namespaces
  /** Signatures and seals are written with their author. */
  seal: boolean
}

/** An item of an endpoint's that was passed on as it came. */
interface PassedItem {
  id: string
  index: number
  /** The whole item as JSON, when it has ended. */
  json?: string
}

/**
 * Writes an answer from its events: the full life of each item. It also follows the frames of an endpoint that were passed on
 * as they came, so that what it writes goes on with their items and numbers.
 */
export class EventWriter {
  /** The number of the next event. */
  sequence = 0
  hasBegun = false
  readonly #options: EventWriterOptions
  #hasContent = false
  #author: Origin | undefined
  #open: MessageItem | ReasoningItem | undefined
  readonly #items = new Map<number, OutputItem>()
  readonly #calls = new Map<string, CallItem>()
  readonly #passed = new Map<number, PassedItem>()
  /** The last passed item of each type, and the passed calls by their ids. */
  readonly #latest = new Map<unknown, PassedItem>()
  readonly #ids = new Set<string>()
  #next = 0
  #phase: string | undefined

  constructor(options: EventWriterOptions) {
    this.#options = options
  }

  /** Who gives the answer, if signatures are written with their author. */
  get author(): Origin | undefined {
    return this.#options.seal ? this.#author : undefined
  }

  write(event: ChatEvent): string {
    switch (event.type) {
      case 'text':
        return this.begin() + this.#text(event)
      case 'reasoning':
        return this.begin() + this.#reasoning(event)
      case 'tool-call':
        return this.begin() + this.#call(event)
      case 'tool-input':
        return this.#calls.get(event.id)?.piece(event.text) ?? ''
      case 'native':
        return this.begin() + (event.dialect === DIALECT ? this.#native(event.value) : '')
      case 'start':
        this.#author = { provider: event.provider, model: event.model }
        return this.begin()
      case 'finish':
        return this.begin() + this.#finish(event)
      case 'restart':
        if (this.#hasContent) throw restarted(event)
        return ''
      case 'resume':
      case 'raw':
        return ''
    }
  }

  /** The first events, once. */
  begin(): string {
    if (this.hasBegun) return ''
    this.hasBegun = true
    const begun = `"response":${this.#options.response.json({ status: 'in_progress' })}`
    return this.line('created', begun) + this.line('in_progress', begun)
  }

  /** The event that ends an answer. Items that have not ended are left out of a failed one: they may be half of a call. */
  ending(state: ResponseState, usage?: EventOf<'finish'>['usage']): string {
    const whole = this.#output().filter(({ isDone }) => isDone)
    return this.line(
      state.status,
      `"response":${this.#options.response.json(
        state,
        whole.map(({ json }) => json),
        usage,
      )}`,
    )
  }

  /** The response in one piece. */
  document({ reason, usage }: EventOf<'finish'>): string {
    const items = this.#output().map(({ json }) => json)
    return this.#options.response.json(stateOf(reason), items, usage)
  }

  readonly line = (type: string, members: string): string => {
    const name = `response.${type}`
    return `event: ${name}\ndata: {"type":"${name}","sequence_number":${this.sequence++},${members}}\n\n`
  }

  /** Every item of the frames that were passed on has ended. */
  get allPassedEnded(): boolean {
    return [...this.#passed.values()].every(({ json }) => json !== undefined)
  }

  /** An item of a frame that is passed on. @param json The whole item, when it has ended. */
  pass(item: Readonly<Record<string, unknown>>, index: number, json?: string): void {
    const { id, type, call_id: callId } = item
    const known = this.#passed.get(index)
    if (known === undefined) {
      this.#next = Math.max(this.#next, index + 1)
      const own = typeof id === 'string' && id !== '' ? id : this.#idAt(String(type), index)
      const passed = { id: own, index, ...(json !== undefined && { json }) }
      this.#passed.set(index, passed)
      this.#ids.add(own)
      this.#latest.set(typeof callId === 'string' ? `call ${callId}` : type, passed)
    } else if (json !== undefined) known.json = json
    const own = this.#items.get(index)
    if (own === undefined || json === undefined) return
    own.isDone = true
    if (this.#open === own) this.#open = undefined
  }

  #text({ text, signature }: EventOf<'text'>): string {
    let written = ''
    if (text !== '' || signature === undefined) {
      let message = this.#open instanceof MessageItem ? this.#open : undefined
      if (message === undefined) {
        written += this.#close()
        const place = this.#place('message')
        message = this.#open = new MessageItem(place, this.#phase)
        this.#phase = undefined
        written += this.#begun(message)
      }
      written += message.piece(text)
    }
    return signature === undefined ? written : written + this.#close() + this.#proved('text', signature)
  }

  #reasoning({ text, signature, sealed, id }: EventOf<'reasoning'>): string {
    const proof = sealed ?? signature
    if (text === '' && proof === undefined) return ''
    let written = ''
    let item = this.#open instanceof ReasoningItem ? this.#open : undefined
    if (item?.boundTo !== id || item === undefined) {
      written += this.#close()
      item = this.#open = new ReasoningItem(this.#place('reasoning', id), id)
      written += this.#begun(item)
    }
    written += item.piece(text)
    if (proof === undefined) return written
    item.prove({ kind: sealed === undefined ? 'signature' : 'sealed', value: proof, id }, this.author)
    return written + this.#close()
  }

  #call({ id, name, format = 'json', signature }: EventOf<'tool-call'>): string {
    let written = this.#close()
    if (signature !== undefined) written += this.#proved('call', signature)
    const type = format === 'text' ? 'custom_tool_call' : 'function_call'
    const names = { call_id: id, ...this.#options.namespaces.split(name) }
    const call = new CallItem(this.#place(type, undefined, id), format, names)
    this.#calls.set(id, call)
    return written + this.#begun(call)
  }

  #native(value: Readonly<Record<string, unknown>>): string {
    if (isCitation(value)) return this.#open instanceof MessageItem ? this.#open.cite(value) : ''
    const written = this.#close()
    if (value.type === 'message') {
      this.#phase = typeof value.phase === 'string' ? value.phase : undefined
      return written
    }
    const item = new NativeItem(this.#place(String(value.type), value.id), value)
    return written + this.#begun(item) + item.end('completed')
  }

  /** An item of reasoning for a proof that is of another part: the dialect has no other place for it. */
  #proved(kind: 'call' | 'text', value: string): string {
    const item = new ReasoningItem(this.#place('reasoning'))
    item.prove({ kind, value }, this.author)
    return this.#begun(item) + item.end('completed')
  }

  #finish({ reason, usage }: EventOf<'finish'>): string {
    const state = stateOf(reason)
    const status = state.status === 'incomplete' ? 'incomplete' : 'completed'
    const ends = [this.#close(status)]
    for (const call of this.#calls.values()) if (!call.isDone) ends.push(call.end(status))
    return ends.join('') + this.ending(state, usage)
  }

  #close(status: 'completed' | 'incomplete' = 'completed'): string {
    const item = this.#open
    this.#open = undefined
    return item === undefined || item.isDone ? '' : item.end(status)
  }

  #begun(item: OutputItem): string {
    this.#hasContent = true
    this.#items.set(item.index, item)
    const passed = this.#passed.get(item.index)
    item.isDone = passed?.json !== undefined
    return passed === undefined ? item.begin() : ''
  }

  /** The place of the next item: that of a frame that was passed on, or a new one. */
  #place(type: string, id?: unknown, callId?: string): ItemPlace {
    const { line } = this
    const passed = this.#latest.get(callId === undefined ? type : `call ${callId}`)
    if (passed !== undefined && !this.#items.has(passed.index)) return { id: passed.id, index: passed.index, line }
    const index = this.#next++
    const own = typeof id === 'string' && id !== '' && !this.#ids.has(id) ? id : this.#idAt(type, index)
    this.#ids.add(own)
    return { id: own, index, line }
  }

  #idAt(type: string, index: number): string {
    const key = this.#options.response.id.replace(/^resp_/, '')
    return `${PREFIXES[type] ?? 'item'}_${key}_${index}`
  }

  #output(): { json: string; isDone: boolean }[] {
    const indexes = new Set([...this.#items.keys(), ...this.#passed.keys()])
    return [...indexes]
      .toSorted((a, b) => a - b)
      .flatMap((index) => {
        const json = this.#passed.get(index)?.json
        const own = this.#items.get(index)
        if (json !== undefined) return [{ json, isDone: true }]
        return own === undefined ? [] : [{ json: own.json(), isDone: own.isDone }]
      })
  }
}

/** How the vendor's ids begin. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
}

const restarted = ({ from, reason, message }: EventOf<'restart'>): ChatError =>
  new ChatError(reason, `${from} failed (${message}) and the answer restarts, but part of it was already sent`, {
    provider: from,
  })
