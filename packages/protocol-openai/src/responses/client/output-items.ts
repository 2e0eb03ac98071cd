import { ChatError } from '@rivulet/core'
import { type DecodedEvent, isCutJson, isRecord } from '@rivulet/core/provider'

interface Item {
  /** What the item's deltas have emitted so far. */
  emitted: string
  /** The id of its tool call, when it is one. */
  callId?: string | undefined
}

/**
 * Reads the items of an output: messages, reasoning, function calls. Each arrives in deltas and then as a whole, or only as
 * a whole: content that the deltas emitted is not emitted again.
 */
export class OutputItems {
  /** The model refused, and said so in its own words. */
  isRefused = false
  callCount = 0
  readonly #emit: (event: DecodedEvent) => void
  readonly #items = new Map<string, Item>()
  readonly #calls: Item[] = []

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  added(key: string, item: Record<string, unknown>): void {
    if (item.type === 'function_call') this.#call(key, item)
  }

  text(key: string, text: unknown): void {
    if (typeof text !== 'string' || text === '') return
    this.#at(key).emitted += text
    this.#emit({ type: 'text', text })
  }

  refusal(key: string, text: unknown): void {
    this.isRefused = true
    this.text(key, text)
  }

  thought(key: string, text: unknown): void {
    if (typeof text !== 'string' || text === '') return
    this.#at(key).emitted += text
    this.#emit({ type: 'reasoning', text })
  }

  /** A summary has parts, which are paragraphs. */
  nextThought(key: string): void {
    if (this.#at(key).emitted !== '') this.thought(key, '\n\n')
  }

  input(key: string, json: unknown): void {
    const item = this.#at(key)
    if (typeof json !== 'string' || json === '' || item.callId === undefined) return
    item.emitted += json
    this.#emit({ type: 'tool-input', id: item.callId, json })
  }

  /** The whole item: emits what its deltas did not. */
  done(key: string, item: Record<string, unknown>): void {
    switch (item.type) {
      case 'message':
        if (this.#at(key).emitted === '') this.#wholeMessage(key, item.content)
        break
      case 'reasoning':
        this.#wholeThought(key, item)
        break
      case 'function_call':
        this.#call(key, item)
        if (this.#at(key).emitted === '') this.input(key, item.arguments)
        break
    }
  }

  /** @throws ChatError `truncated` for incomplete arguments. */
  end(): void {
    const cut = this.#calls.find(({ emitted }) => isCutJson(emitted))
    if (cut !== undefined) throw new ChatError('truncated', `the arguments of tool call ${cut.callId ?? ''} broke off`)
  }

  #at(key: string): Item {
    let item = this.#items.get(key)
    if (item === undefined) this.#items.set(key, (item = { emitted: '' }))
    return item
  }

  #call(key: string, item: Record<string, unknown>): void {
    const call = this.#at(key)
    if (call.callId !== undefined) return
    call.callId = typeof item.call_id === 'string' && item.call_id !== '' ? item.call_id : `call_${this.callCount}`
    this.callCount++
    this.#calls.push(call)
    this.#emit({ type: 'tool-call', id: call.callId, name: typeof item.name === 'string' ? item.name : '' })
  }

  #wholeMessage(key: string, content: unknown): void {
    if (!Array.isArray(content)) return
    for (const part of content) {
      if (!isRecord(part)) continue
      if (part.type === 'refusal') this.refusal(key, part.refusal)
      else this.text(key, part.text)
    }
  }

  #wholeThought(key: string, item: Record<string, unknown>): void {
    if (this.#at(key).emitted === '') {
      const parts = [item.summary, item.content].find((list) => Array.isArray(list) && list.length > 0)
      for (const part of Array.isArray(parts) ? (parts as unknown[]) : []) {
        this.nextThought(key)
        if (isRecord(part)) this.thought(key, part.text)
      }
    }
    const { encrypted_content: sealed, id } = item
    if (typeof sealed !== 'string' || sealed === '') return
    this.#emit({ type: 'reasoning', text: '', ...(typeof id === 'string' && { signature: id }), sealed })
  }
}
