/** The conversation as the API requires it: system blocks apart, alternating turns, tool results first in their turn. */

import type { AssistantMessage, Message, Part, UserMessage } from '@rivulet/core'
import { readDataUrl, toolArguments } from '@rivulet/core/provider'

/** A content block of a turn. */
export type Block = Record<string, unknown> & { type: string }

interface Turn {
  role: 'user' | 'assistant'
  content: string | Block[]
}

export interface Conversation {
  system: Block[]
  turns: Turn[]
}

/** @param provider The `origin` whose thoughts are sent back: the API can't verify the signatures of another. */
export function encodeMessages(messages: readonly Message[], provider: string): Conversation {
  const system: Block[] = []
  const turns: { role: Turn['role']; blocks: Block[] }[] = []
  const add = (role: Turn['role'], blocks: Block[]): void => {
    const last = turns.at(-1)
    if (last?.role === role) last.blocks.push(...blocks)
    else turns.push({ role, blocks })
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        system.push(cached(textBlock(message.content), message.cache))
        break
      case 'user':
        add('user', encodeUser(message))
        break
      case 'assistant':
        add('assistant', encodeAssistant(message, provider))
        break
      case 'tool': {
        const { toolCallId, content, isError } = message
        const id = wireId(toolCallId)
        add('user', [{ type: 'tool_result', tool_use_id: id, content, ...(isError === true && { is_error: true }) }])
        break
      }
    }
  }
  return { system, turns: turns.map(({ role, blocks }) => ({ role, content: simplest(blocks) })) }
}

function encodeUser({ content, cache }: UserMessage): Block[] {
  const blocks = typeof content === 'string' ? [textBlock(content)] : content.map(encodePart)
  const last = blocks.pop()
  return last === undefined ? [] : [...blocks, cached(last, cache)]
}

function encodeAssistant(message: AssistantMessage, provider: string): Block[] {
  const { content, toolCalls = [], thoughts = [], origin = provider } = message
  const blocks: Block[] = []
  for (const { text, signature, sealed } of origin === provider ? thoughts : []) {
    if (sealed !== undefined) blocks.push({ type: 'redacted_thinking', data: sealed })
    // The API refuses a thought without a signature.
    else if (signature !== undefined) blocks.push({ type: 'thinking', thinking: text, signature })
  }
  // The API refuses an empty text.
  if (content !== '') blocks.push(textBlock(content))
  for (const call of toolCalls) {
    blocks.push({ type: 'tool_use', id: wireId(call.id), name: call.name, input: toolArguments(call) })
  }
  return blocks
}

function encodePart(part: Part): Block {
  if (part.type === 'text') return textBlock(part.text)
  const data = readDataUrl(part.url)
  if (part.type === 'image') return { type: 'image', source: sourceOf(part.url, data) }
  const isText = data?.mediaType.startsWith('text/') === true
  const source = isText
    ? { type: 'text', media_type: 'text/plain', data: fromBase64(data.base64) }
    : sourceOf(part.url, data)
  return { type: 'document', source, ...(part.name !== undefined && { title: part.name }) }
}

function sourceOf(url: string, data: ReturnType<typeof readDataUrl>): Record<string, unknown> {
  return data === undefined ? { type: 'url', url } : { type: 'base64', media_type: data.mediaType, data: data.base64 }
}

const textBlock = (text: string): Block => ({ type: 'text', text })

/** A single text becomes a string. */
function simplest(blocks: readonly Block[]): string | Block[] {
  const [only] = blocks
  if (blocks.length === 1 && only?.type === 'text' && only.cache_control === undefined) return String(only.text)
  // Tool results must come first in their turn.
  return [...blocks].sort((a, b) => Number(b.type === 'tool_result') - Number(a.type === 'tool_result'))
}

const cached = (block: Block, cache: boolean | undefined): Block =>
  cache === true ? { ...block, cache_control: { type: 'ephemeral' } } : block

/** Ids from other providers may contain characters that this API refuses. */
const wireId = (id: string): string => id.replaceAll(/[^a-zA-Z0-9_-]/g, '_')

const fromBase64 = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
