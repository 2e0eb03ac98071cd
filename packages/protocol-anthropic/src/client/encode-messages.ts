/** The conversation as the API requires it: system blocks apart, alternating turns, tool results first in their turn. */

import type { Message, ToolMessage } from '@rivulet/core'
import { type Dropped, partsOf } from '@rivulet/core/provider'
import type { Block } from '../dialect.ts'
import { cached, mark } from './cache-marks.ts'
import { encodePart, textBlocks } from './encode-parts.ts'
import { type Author, encodeTurn, isThought } from './encode-turn.ts'
import { WireIds } from './wire-ids.ts'

interface Turn {
  role: 'user' | 'assistant'
  blocks: Block[]
}

export interface Conversation {
  system: Block[]
  turns: Turn[]
}

/**
 * Leaves out what the API refuses and other providers' answers have: blank texts, turns without content, thoughts without a
 * signature, thoughts at the end of a turn, white space at the end of a last turn of the assistant.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 */
export function encodeMessages(messages: readonly Message[], author: Author, dropped: Dropped): Conversation {
  const system: Block[] = []
  const turns: Turn[] = []
  const ids = new WireIds()
  const add = (role: Turn['role'], blocks: Block[]): void => {
    if (blocks.length === 0) return
    if (role === 'user') endTurn(turns)
    const last = turns.at(-1)
    if (last?.role === role) last.blocks.push(...blocks)
    else turns.push({ role, blocks })
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        system.push(...cached(textBlocks(message.content), message.cache, dropped))
        break
      case 'user':
        add(
          'user',
          cached(
            partsOf(message).flatMap((part) => encodePart(part, dropped)),
            message.cache,
            dropped,
          ),
        )
        break
      case 'assistant':
        ids.beginTurn()
        add('assistant', encodeTurn(message, author, ids, dropped))
        break
      case 'tool':
        add('user', [encodeResult(message, ids, dropped)])
        break
    }
  }
  endTurn(turns)
  const final = turns.at(-1)
  const end = final?.blocks.at(-1)
  if (final?.role === 'assistant' && end?.type === 'text') end.text = String(end.text).trimEnd()
  // Tool results must come first in their turn.
  for (const { blocks } of turns) blocks.sort((a, b) => Number(isResult(b)) - Number(isResult(a)))
  return { system, turns }
}

/** A turn of the assistant must not end with a thought: without what led on to it, it is of no use. */
function endTurn(turns: Turn[]): void {
  const last = turns.at(-1)
  if (last?.role !== 'assistant') return
  while (last.blocks.length > 0 && last.blocks.slice(-1).every(isThought)) last.blocks.pop()
  if (last.blocks.length === 0) turns.pop()
}

function encodeResult(message: ToolMessage, ids: WireIds, dropped: Dropped): Block {
  const content = simplest(partsOf(message).flatMap((part) => encodePart(part, dropped)))
  const block: Block = {
    type: 'tool_result',
    tool_use_id: ids.ofResult(message.toolCallId),
    ...(content.length > 0 && { content }),
    ...(message.isError === true && { is_error: true }),
  }
  mark(block, message.cache)
  return block
}

const isResult = ({ type }: Block): boolean => type === 'tool_result'

/** A single text becomes a string. */
export function simplest(blocks: Block[]): string | Block[] {
  const [only] = blocks
  const isText = only !== undefined && Object.keys(only).join() === 'type,text'
  return blocks.length === 1 && isText ? String(only.text) : blocks
}
