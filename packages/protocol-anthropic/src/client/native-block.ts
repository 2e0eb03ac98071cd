import { toolArguments } from '@rivulet/core/provider'
import type { Block } from '../dialect.ts'

/**
 * A block that only this dialect has a word for, such as a call of the vendor's own tool and its result, or a compaction. Its
 * deltas are joined, so that it goes back as it was.
 */
export class NativeBlock {
  readonly #block: Block
  readonly #input: string[] = []

  constructor(block: Block) {
    this.#block = { ...block }
  }

  /** Text is appended to the field of its name; any other value is the field's. */
  add({ type, ...fields }: Record<string, unknown>): void {
    if (type === 'input_json_delta') {
      if (typeof fields.partial_json === 'string') this.#input.push(fields.partial_json)
      return
    }
    for (const [name, value] of Object.entries(fields)) {
      const before = this.#block[name]
      this.#block[name] = typeof before === 'string' && typeof value === 'string' ? before + value : value
    }
  }

  result(): Block {
    const input = this.#input.join('')
    // A server that broke its own arguments still gets its block back.
    return input === '' ? this.#block : { ...this.#block, input: toolArguments({ input }) }
  }
}
