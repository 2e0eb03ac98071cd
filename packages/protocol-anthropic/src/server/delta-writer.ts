import { jsonEscape } from '@rivulet/core/provider'
import { type TextDelta, TEXT_FIELDS } from '../text-delta.ts'

/**
 * Writes the text deltas of one answer. Nearly all continue the block of the delta before, so only the text changes: the
 * part before the text is written once for each block, and a delta costs the escaping of its text.
 */
export class DeltaWriter {
  #kind: TextDelta['kind'] | undefined
  #index: unknown
  #head = ''

  write({ kind, index, text }: TextDelta<number>): string {
    if (kind !== this.#kind || index !== this.#index) {
      this.#kind = kind
      this.#index = index
      // Joined, because V8 keeps a concatenation as a tree of its pieces, which every delta would have to flatten.
      this.#head = [
        'event: content_block_delta\n',
        `data: {"type":"content_block_delta","index":${index},"delta":{"type":"${kind}","${TEXT_FIELDS[kind]}":"`,
      ].join('')
    }
    return this.#head + jsonEscape(text) + TAIL
  }
}

const TAIL = '"}}\n\n'
