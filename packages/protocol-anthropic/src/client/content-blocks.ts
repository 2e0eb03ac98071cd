import { ChatError } from '@rivulet/core'
import { argumentsText, CallIds, type DecodedEvent, isCutJson, isRecord, jsonOrText } from '@rivulet/core/provider'
import { type DeltaKind, isDeltaKind, TEXT_FIELDS } from '../text-delta.ts'

interface OpenCall {
  id: string
  json: string
  /** Arguments that came with the start of the block. Deltas, if any, repeat them. */
  given: string
}

/**
 * Reads the content blocks of an answer: text, thoughts, sealed thoughts, tool calls. A block starts with its type, continues
 * in deltas under its index and stops; in a document it is complete at its start. Other blocks, such as those of the server's
 * own tools and of compaction, are skipped, and so are their deltas.
 */
export class ContentBlocks {
  /** The id of the answer: calls without an id are named after it. */
  answerId = 'call'
  readonly #emit: (event: DecodedEvent) => void
  readonly #ids = new CallIds()
  /** The blocks by their last index, stopped or not: the call of a tool call, `undefined` for any other block. */
  readonly #blocks = new Map<unknown, OpenCall | undefined>()
  readonly #calls: OpenCall[] = []
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
    if (!isRecord(block)) return
    // A server that sends no stops may use an index again.
    this.stop(index)
    this.#blocks.set(index, block.type === 'tool_use' ? this.#call(block) : undefined)
    switch (block.type) {
      case 'text':
        this.#emitText(block.text)
        break
      case 'thinking':
        this.#emitThought(block.thinking, block.signature)
        break
      case 'redacted_thinking':
        if (typeof block.data === 'string') this.#send({ type: 'reasoning', text: '', sealed: block.data })
        break
    }
  }

  delta(index: unknown, delta: unknown): void {
    if (!isRecord(delta)) return
    if (isDeltaKind(delta.type)) this.text(delta.type, index, delta[TEXT_FIELDS[delta.type]])
    else if (delta.type === 'signature_delta') this.#emitThought('', delta.signature)
  }

  /** The text of a delta. */
  text(kind: DeltaKind, index: unknown, text: unknown): void {
    switch (kind) {
      case 'text_delta':
        this.#emitText(text)
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
    const call = this.#blocks.get(index)
    if (call === undefined || call.given === '') return
    call.json = call.given
    call.given = ''
    this.#send({ type: 'tool-input', id: call.id, text: call.json })
  }

  /**
   * @param mayCut The answer ended early, which may have cut the arguments of a call.
   * @throws ChatError `truncated` for incomplete arguments, `malformed` for any that are not a JSON object: they would
   *   otherwise fail far from here.
   */
  end(mayCut: boolean): void {
    for (const index of this.#blocks.keys()) this.stop(index)
    for (const { id, json } of this.#calls) {
      if (isObject(json)) continue
      if (!isCutJson(json)) throw new ChatError('malformed', `the arguments of tool call ${id} are not a JSON object`)
      if (!mayCut) throw new ChatError('truncated', `the arguments of tool call ${id} broke off`)
    }
  }

  #send(event: DecodedEvent): void {
    this.#hasContent = true
    this.#emit(event)
  }

  #emitText(text: unknown): void {
    if (typeof text === 'string' && text !== '') this.#send({ type: 'text', text })
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
    const call: OpenCall = { id, json: '', given: argumentsText(input) }
    this.#calls.push(call)
    this.#send({ type: 'tool-call', id, name })
    return call
  }

  #input(index: unknown, received: unknown): void {
    const json = typeof received === 'string' ? received : argumentsText(received)
    if (json === '') return
    const call = this.#blocks.get(index)
    if (call === undefined) {
      if (this.#blocks.has(index)) return
      // The call that they belong to would run without them.
      throw new ChatError('malformed', 'arguments arrived for a tool call that is not open')
    }
    call.given = ''
    call.json += json
    this.#send({ type: 'tool-input', id: call.id, text: json })
  }
}

/** Whether arguments are complete. No text, and null, mean no arguments. */
function isObject(json: string): boolean {
  if (json.trim() === '') return true
  const value = jsonOrText(json)
  return value === null || isRecord(value)
}
