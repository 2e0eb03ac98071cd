import { jsonEscape } from '@rivulet/core/provider'
import { type TextDelta, TEXT_FIELDS } from './text-delta.ts'

/**
 * Writes the deltas of text of one answer. Nearly all of them go on with the piece of the one before, and all that changes
 * is the text: what stands before it is written once for each piece, and a delta costs the escaping of its text.
 */
export class DeltaWriter {
  #kind: TextDelta['kind'] | undefined
  #index: unknown
  #head = ''

  write({ kind, index, text }: TextDelta<number>): string {
    if (kind !== this.#kind || index !== this.#index) {
      this.#kind = kind
      this.#index = index
      // Joined and not added up: a sum stays a tree of its pieces, through which every delta would be written.
      this.#head = [
        'event: content_block_delta\n',
        `data: {"type":"content_block_delta","index":${index},"delta":{"type":"${kind}","${TEXT_FIELDS[kind]}":"`,
      ].join('')
    }
    return this.#head + jsonEscape(text) + TAIL
  }
}

const TAIL = '"}}\n\n'
