import { ChatError } from '@rivulet/core'
import { type DecodedEvent, isCutJson, isRecord } from '@rivulet/core/provider'

interface OpenCall {
  id: string
  json: string
}

/**
 * Joins the fragments of tool calls. They are interleaved by `index`; only the first fragment of a call has its id. Some
 * servers use one index for two calls, send no index, or send the arguments as an object.
 */
export class ToolCalls {
  readonly #emit: (event: DecodedEvent) => void
  readonly #byIndex = new Map<number, OpenCall>()
  readonly #all: OpenCall[] = []

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  get size(): number {
    return this.#all.length
  }

  add(fragments: unknown): void {
    if (!Array.isArray(fragments)) return
    for (const [position, fragment] of fragments.entries()) if (isRecord(fragment)) this.#addOne(fragment, position)
  }

  /** @throws ChatError `truncated` for incomplete arguments, which would otherwise fail to parse far from here. */
  end(): void {
    const cut = this.#all.find(({ json }) => isCutJson(json))
    if (cut !== undefined) {
      throw new ChatError('truncated', `the arguments of tool call ${cut.id} broke off`)
    }
  }

  #addOne(fragment: Record<string, unknown>, position: number): void {
    const index = typeof fragment.index === 'number' ? fragment.index : position
    const named = isRecord(fragment.function) ? fragment.function : {}
    const id = typeof fragment.id === 'string' && fragment.id !== '' ? fragment.id : undefined
    const known = this.#all.find((call) => call.id === id) ?? this.#byIndex.get(index)
    const call =
      known === undefined || (id !== undefined && id !== known.id) ? this.#open(index, id, named.name) : known
    const json = typeof named.arguments === 'object' ? JSON.stringify(named.arguments) : named.arguments
    if (typeof json !== 'string' || json === '' || json === 'null') return
    call.json += json
    this.#emit({ type: 'tool-input', id: call.id, json })
  }

  #open(index: number, given: string | undefined, name: unknown): OpenCall {
    const call = { id: given ?? `call_${this.#all.length}`, json: '' }
    this.#byIndex.set(index, call)
    this.#all.push(call)
    this.#emit({ type: 'tool-call', id: call.id, name: typeof name === 'string' ? name : '' })
    return call
  }
}
