import type { AssistantMessage } from '@rivulet/core'
import { type Dropped, isAuthor, partsOf, textCallAsJson, toolArguments } from '@rivulet/core/provider'
import type { Block } from '../dialect.ts'
import { cached } from './cache-marks.ts'
import { encodeNative, hasWords, textBlocks } from './encode-parts.ts'
import type { WireIds } from './wire-ids.ts'

/** Who is asked: only that model understands its own signatures. */
export interface Author {
  provider: string
  model: string
}

/** The blocks of a turn of the assistant, in their order. Thoughts without a signature, and those of another model, are left out. */
export function encodeTurn(message: AssistantMessage, author: Author, ids: WireIds, dropped: Dropped): Block[] {
  const isOwn = isAuthor(message.origin, author.provider, author.model)
  const blocks: Block[] = []
  for (const part of partsOf(message)) {
    switch (part.type) {
      case 'text':
        blocks.push(...cached(textBlocks(part.text), part.cache, dropped))
        break
      case 'reasoning':
        if (!isOwn) dropped.add('reasoning of another model')
        else if (part.sealed !== undefined) blocks.push({ type: 'redacted_thinking', data: part.sealed })
        else if (part.signature !== undefined && part.signature !== '') {
          blocks.push({ type: 'thinking', thinking: part.text, signature: part.signature })
        } else dropped.add('reasoning without a signature')
        break
      case 'tool-call': {
        const input = toolArguments(textCallAsJson(part))
        blocks.push({ type: 'tool_use', id: ids.ofCall(part.id), name: part.name, input })
        break
      }
      case 'native':
        for (const block of encodeNative(part, dropped)) addNative(blocks, block)
        break
    }
  }
  return blocks
}

/**
 * A text with citations follows the same text without them, for readers of text alone: it takes its place. One whose text was
 * changed since is left out.
 */
function addNative(blocks: Block[], block: Block): void {
  if (block.type !== 'text') {
    blocks.push(block)
    return
  }
  const last = blocks.at(-1)
  const [said, cited] = [last?.text, block.text]
  if (last?.type !== 'text' || typeof said !== 'string' || typeof cited !== 'string' || !said.endsWith(cited)) return
  last.text = said.slice(0, said.length - cited.length)
  if (!hasWords(last.text as string)) blocks.pop()
  blocks.push(block)
}

export const isThought = ({ type }: Block): boolean => type === 'thinking' || type === 'redacted_thinking'
