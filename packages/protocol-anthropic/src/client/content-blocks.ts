import { ChatError } from '@rivulet/core'
import { argumentsText, CallIds, type DecodedEvent, isCutJson, isRecord, jsonOrText } from '@rivulet/core/provider'
import { type Block, DIALECT } from '../dialect.ts'
import { type DeltaKind, isDeltaKind, TEXT_FIELDS } from '../text-delta.ts'
import { NativeBlock } from './native-block.ts'

interface OpenCall {
  id: string
  json: string
  /** Arguments that came with the start of the block. Deltas, if any, repeat them. */
  given: string
  isStopped: boolean
}

/** A text, which may have citations. */
interface OpenText {
  pieces: string[]
  citations: unknown[]
}

type OpenBlock = OpenCall | OpenText | NativeBlock | undefined

/**
 * Reads the content blocks of an answer. A block starts with its type, continues in deltas under its index and stops; in a
 * document it is complete at its start. Text, thoughts and calls are given as they come. Blocks without a word of ours, such as
 * those of the vendor's own tools and of compaction, are given whole, when they stop; so are the citations of a text.
 */
export class ContentBlocks {
  /** The id of the answer: calls without an id are named after it. */
  answerId = 'call'
  /** The last message can't be passed on as it is: something was read out of it that its bytes do not say. */
  isMended = false
  readonly #emit: (event: DecodedEvent) => void
  readonly #ids = new CallIds()
  /** The blocks by their last index, stopped or not; `undefined` for a thought. */
  readonly #blocks = new Map<unknown, OpenBlock>()
  readonly #calls: OpenCall[] = []
  /** The index of the last block. */
  #last: unknown
  #hasContent = false

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  /** Whether the reader has received anything. */
  get hasContent(): boolean {
    return this.#hasContent
  }

  get hasCalls(): boolean {
    return this.#calls.length > 0
  }

  start(index: unknown, block: unknown): void {
    // A server that sends no stops may use an index again. What is given whole must come before the next block.
    this.stop(index)
    if (!isCall(this.#blocks.get(this.#last))) this.stop(this.#last)
    this.#last = index
    if (!isRecord(block)) {
      this.isMended = true
      return
    }
    this.#blocks.set(index, this.#begin(block))
    if (block.type === 'text') {
      this.#text(index, block.text)
      if (Array.isArray(block.citations)) for (const citation of block.citations) this.#cite(index, citation)
    }
  }

  delta(index: unknown, delta: unknown): void {
    if (!isRecord(delta)) return
    const block = this.#blocks.get(index)
    if (block instanceof NativeBlock) block.add(delta)
    else if (isDeltaKind(delta.type)) this.text(delta.type, index, delta[TEXT_FIELDS[delta.type]])
    else if (delta.type === 'signature_delta') this.#emitThought('', delta.signature)
    else if (delta.type === 'citations_delta') this.#cite(index, delta.citation)
  }

  /** The text of a delta. */
  text(kind: DeltaKind, index: unknown, text: unknown): void {
    const block = this.#blocks.get(index)
    if (block instanceof NativeBlock) {
      block.add({ type: kind, [TEXT_FIELDS[kind]]: text })
      return
    }
    if (!this.#blocks.has(index)) this.isMended = true
    switch (kind) {
      case 'text_delta':
        this.#text(index, text)
        break
      case 'thinking_delta':
        this.#emitThought(text, undefined)
        break
      case 'input_json_delta':
        this.#input(index, text)
        break
    }
  }

  /** Gateways stop a block early: its arguments may go on. */
  stop(index: unknown): void {
    const block = this.#blocks.get(index)
    if (block === undefined) return
    if (block instanceof NativeBlock) {
      this.#blocks.set(index, undefined)
      this.#sendNative(block.result())
    } else if (!isCall(block)) {
      this.#blocks.set(index, undefined)
      if (block.citations.length === 0) return
      this.#sendNative({ type: 'text', text: block.pieces.join(''), citations: block.citations })
    } else {
      block.isStopped = true
      if (block.given === '') return
      block.json = block.given
      block.given = ''
      this.isMended = true
      this.#send({ type: 'tool-input', id: block.id, text: block.json })
    }
  }

  /**
   * @param mayCut The answer ended early, which may have cut the arguments of a call.
   * @throws ChatError `truncated` for incomplete arguments, `malformed` for any that are not a JSON object: they would
   *   otherwise fail far from here.
   */
  end(mayCut: boolean): void {
    for (const index of [...this.#blocks.keys()]) this.stop(index)
    for (const { id, json } of this.#calls) {
      if (isObject(json)) continue
      if (!isCutJson(json)) throw new ChatError('malformed', `the arguments of tool call ${id} are not a JSON object`)
      if (!mayCut) throw new ChatError('truncated', `the arguments of tool call ${id} broke off`)
    }
  }

  #begin(block: Record<string, unknown>): OpenBlock {
    switch (block.type) {
      case 'text':
        return { pieces: [], citations: [] }
      case 'thinking':
        this.#emitThought(block.thinking, block.signature)
        return undefined
      case 'redacted_thinking':
        if (typeof block.data === 'string') this.#send({ type: 'reasoning', text: '', sealed: block.data })
        return undefined
      case 'tool_use':
        return this.#call(block)
      default:
        return isBlock(block) ? new NativeBlock(block) : undefined
    }
  }

  #send(event: DecodedEvent): void {
    this.#hasContent = true
    this.#emit(event)
  }

  #sendNative(value: Block): void {
    this.#send({ type: 'native', dialect: DIALECT, value })
  }

  #text(index: unknown, text: unknown): void {
    if (typeof text !== 'string' || text === '') return
    const block = this.#blocks.get(index)
    // Citations come at any place in their block, and go back with its whole text.
    if (isText(block)) block.pieces.push(text)
    this.#send({ type: 'text', text })
  }

  #cite(index: unknown, citation: unknown): void {
    const block = this.#blocks.get(index)
    if (isText(block) && isRecord(citation)) block.citations.push(citation)
  }

  #emitThought(given: unknown, signature: unknown): void {
    const text = typeof given === 'string' ? given : ''
    if (typeof signature === 'string' && signature !== '') this.#send({ type: 'reasoning', text, signature })
    else if (text !== '') this.#send({ type: 'reasoning', text })
  }

  #call({ id: received, name, input }: Record<string, unknown>): OpenCall {
    if (typeof name !== 'string' || name === '') throw new ChatError('malformed', 'a tool call has no name')
    const id = this.#ids.take(received, this.answerId)
    // In a stream the input is empty: the arguments follow in deltas.
    const call: OpenCall = { id, json: '', given: argumentsText(input), isStopped: false }
    if (id !== received) this.isMended = true
    this.#calls.push(call)
    this.#send({ type: 'tool-call', id, name })
    return call
  }

  #input(index: unknown, received: unknown): void {
    const json = typeof received === 'string' ? received : argumentsText(received)
    if (json === '') return
    const call = this.#blocks.get(index)
    if (!isCall(call)) {
      if (this.#blocks.has(index)) return
      // The call that they belong to would run without them.
      throw new ChatError('malformed', 'arguments arrived for a tool call that is not open')
    }
    if (call.isStopped) this.isMended = true
    call.given = ''
    call.json += json
    this.#send({ type: 'tool-input', id: call.id, text: json })
  }
}

const isCall = (block: OpenBlock): block is OpenCall => block !== undefined && 'json' in block
const isText = (block: OpenBlock): block is OpenText => block !== undefined && 'citations' in block
const isBlock = (block: Record<string, unknown>): block is Block => typeof block.type === 'string'

/** Whether arguments are complete. No text, and null, mean no arguments. */
function isObject(json: string): boolean {
  if (json.trim() === '') return true
  const value = jsonOrText(json)
  return value === null || isRecord(value)
}
