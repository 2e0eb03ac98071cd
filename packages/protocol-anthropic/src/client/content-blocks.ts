import { ChatError } from '@rivulet/core'
import { type DecodedEvent, isCutJson, isRecord } from '@rivulet/core/provider'
import { type DeltaKind, isDeltaKind, TEXT_FIELDS } from '../text-delta.ts'

interface OpenCall {
  id: string
  json: string
}

/**
 * Reads the content blocks of an answer: text, thoughts, sealed thoughts, tool calls. A block starts with its type and
 * continues in deltas under its index; in a document it is complete at its start. Blocks of the server's own tools are
 * skipped, and so are their deltas.
 */
export class ContentBlocks {
  readonly #emit: (event: DecodedEvent) => void
  readonly #byIndex = new Map<unknown, OpenCall>()
  readonly #calls: OpenCall[] = []

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  start(index: unknown, block: unknown): void {
    if (!isRecord(block)) return
    switch (block.type) {
      case 'text':
        this.#emitText(block.text)
        break
      case 'thinking':
        this.#emitThought(block.thinking, block.signature)
        break
      case 'redacted_thinking':
        if (typeof block.data === 'string') this.#emit({ type: 'reasoning', text: '', sealed: block.data })
        break
      case 'tool_use':
        this.#call(index, block)
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
        this.#input(this.#byIndex.get(index), text)
        break
    }
  }

  /** @throws ChatError `truncated` for incomplete arguments, which would otherwise fail to parse far from here. */
  end(): void {
    const cut = this.#calls.find(({ json }) => isCutJson(json))
    if (cut !== undefined) throw new ChatError('truncated', `the arguments of tool call ${cut.id} broke off`)
  }

  #emitText(text: unknown): void {
    if (typeof text === 'string' && text !== '') this.#emit({ type: 'text', text })
  }

  #emitThought(given: unknown, signature: unknown): void {
    const text = typeof given === 'string' ? given : ''
    if (typeof signature === 'string' && signature !== '') this.#emit({ type: 'reasoning', text, signature })
    else if (text !== '') this.#emit({ type: 'reasoning', text })
  }

  #call(index: unknown, { id, name, input }: Record<string, unknown>): void {
    const call: OpenCall = { id: typeof id === 'string' ? id : `call_${this.#calls.length}`, json: '' }
    this.#byIndex.set(index, call)
    this.#calls.push(call)
    this.#emit({ type: 'tool-call', id: call.id, name: typeof name === 'string' ? name : '' })
    // In a stream it is empty: the arguments follow in deltas.
    if (isRecord(input) && Object.keys(input).length > 0) this.#input(call, JSON.stringify(input))
  }

  #input(call: OpenCall | undefined, json: unknown): void {
    if (call === undefined || typeof json !== 'string' || json === '') return
    call.json += json
    this.#emit({ type: 'tool-input', id: call.id, json })
  }
}
