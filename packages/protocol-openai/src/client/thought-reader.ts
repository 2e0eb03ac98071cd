import { type DecodedEvent, isRecord } from '@rivulet/core/provider'
import { isEncrypted, type Proof, readDetail, sealOf } from '../reasoning-details.ts'

/**
 * Reads the thoughts of messages and deltas: from text (`reasoning_content`, `reasoning`), from `reasoning_details`, from
 * parts of the content. A signature or a seal ends a thought.
 */
export class ThoughtReader {
  readonly #emit: (event: DecodedEvent) => void
  /** Whether thoughts go back to the endpoint. Then a thought without a signature is ended too, so that it is kept whole. */
  readonly #areKept: boolean
  #proof: Proof | undefined
  #isOpen = false
  #isEmpty = true

  constructor(emit: (event: DecodedEvent) => void, areKept: boolean) {
    this.#emit = emit
    this.#areKept = areKept
  }

  /** No thought has come. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }

  read(message: Record<string, unknown>): void {
    const details = Array.isArray(message.reasoning_details) ? message.reasoning_details.filter(isRecord) : []
    const { reasoning_content: content, reasoning } = message
    const text = typeof content === 'string' && content !== '' ? content : reasoning
    // Where details have text, `reasoning` repeats it for clients that don't read details.
    const isRepeated = details.some((detail) => readDetail(detail).text !== '')
    if (typeof text === 'string' && text !== '' && !isRepeated) this.text(text)
    for (const detail of details) this.#readDetail(detail)
  }

  text(text: string): void {
    this.#isOpen = true
    this.#isEmpty = false
    this.#emit({ type: 'reasoning', text })
  }

  /** Ends the current thought: other content begins. */
  end(): void {
    if (this.#isOpen && this.#areKept) this.#close('', this.#proof ?? {})
    this.#isOpen = false
    this.#proof = undefined
  }

  #readDetail(detail: Record<string, unknown>): void {
    const { text, proof } = readDetail(detail)
    const before = this.#proof
    if (before !== undefined && (before.index !== proof.index || before.type !== proof.type)) this.end()
    if (isEncrypted(proof)) {
      this.#close(text, proof)
      return
    }
    this.#proof = { ...this.#proof, ...proof }
    if (typeof proof.signature === 'string') this.#close(text, this.#proof)
    else if (text !== '') this.text(text)
  }

  #close(text: string, proof: Proof): void {
    this.#isEmpty = false
    this.#emit({ type: 'reasoning', text, ...sealOf(proof) })
    this.#isOpen = false
    this.#proof = undefined
  }
}
