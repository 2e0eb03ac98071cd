import { type DecodedEvent, isRecord } from '@rivulet/core/provider'
import { isEncrypted, type Proof, readDetail, sealOf } from './details.ts'

/**
 * Reads the thoughts of messages and deltas: as text (`reasoning_content`, `reasoning`), as `reasoning_details`, as parts
 * of the content. A signature or a seal ends a thought.
 */
export class Thoughts {
  readonly #emit: (event: DecodedEvent) => void
  /** Where thoughts go back to the endpoint, those without a signature are ended too, so that they are kept whole. */
  readonly #areKept: boolean
  #proof: Proof | undefined
  #isOpen = false

  constructor(emit: (event: DecodedEvent) => void, areKept: boolean) {
    this.#emit = emit
    this.#areKept = areKept
  }

  read(message: Record<string, unknown>): void {
    const details = Array.isArray(message.reasoning_details) ? message.reasoning_details.filter(isRecord) : []
    // The same words stand in `reasoning` too, for those who don't read details.
    const text = details.some((detail) => readDetail(detail).words !== '')
      ? undefined
      : [message.reasoning_content, message.reasoning].find((words) => typeof words === 'string' && words !== '')
    if (typeof text === 'string') this.say(text)
    for (const detail of details) this.#readDetail(detail)
  }

  say(text: string): void {
    this.#isOpen = true
    this.#emit({ type: 'reasoning', text })
  }

  /** Something else begins. */
  end(): void {
    if (!this.#isOpen && this.#proof === undefined) return
    if (this.#isOpen && this.#areKept) this.#emit({ type: 'reasoning', text: '', ...sealOf(this.#proof ?? {}) })
    this.#isOpen = false
    this.#proof = undefined
  }

  #readDetail(detail: Record<string, unknown>): void {
    const { words, proof } = readDetail(detail)
    const before = this.#proof
    if (before !== undefined && (before.index !== proof.index || before.type !== proof.type)) this.end()
    if (isEncrypted(proof)) {
      this.#close(words, proof)
      return
    }
    this.#proof = { ...this.#proof, ...proof }
    if (typeof proof.signature === 'string') this.#close(words, this.#proof)
    else if (words !== '') this.say(words)
  }

  #close(text: string, proof: Proof): void {
    this.#emit({ type: 'reasoning', text, ...sealOf(proof) })
    this.#isOpen = false
    this.#proof = undefined
  }
}
