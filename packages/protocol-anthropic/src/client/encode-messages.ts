/** The conversation as the API requires it: system blocks apart, alternating turns, tool results first in their turn. */

import {
  type AssistantMessage,
  ChatError,
  type Message,
  type Part,
  type ToolMessage,
  type UserMessage,
} from '@rivulet/core'
import { isTextType, readDataUrl, shown, toolArguments } from '@rivulet/core/provider'
import { WireIds } from './wire-ids.ts'

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

/** The API refuses a request with more. */
const MAX_CACHE_MARKS = 4

/**
 * Leaves out what the API refuses and other providers' answers have: blank texts, turns without content, thoughts without a
 * signature, white space at the end of a last turn of the assistant. Of the marks for the cache it keeps the last four.
 *
 * @param provider The `origin` whose thoughts are sent back: the API can't verify the signatures of another.
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 */
export function encodeMessages(messages: readonly Message[], provider: string): Conversation {
  const system: Block[] = []
  const turns: { role: Turn['role']; blocks: Block[] }[] = []
  const ids = new WireIds()
  const add = (role: Turn['role'], blocks: Block[]): void => {
    if (blocks.length === 0) return
    const last = turns.at(-1)
    if (last?.role === role) last.blocks.push(...blocks)
    else turns.push({ role, blocks })
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        system.push(...cached(textBlocks(message.content), message.cache))
        break
      case 'user':
        add('user', encodeUser(message))
        break
      case 'assistant':
        ids.beginTurn()
        add('assistant', encodeAssistant(message, provider, ids))
        break
      case 'tool':
        add('user', [encodeResult(message, ids)])
        break
    }
  }
  const final = turns.at(-1)
  const end = final?.blocks.at(-1)
  if (final?.role === 'assistant' && end?.type === 'text') end.text = String(end.text).trimEnd()
  // Tool results must come first in their turn.
  for (const { blocks } of turns) blocks.sort((a, b) => Number(isResult(b)) - Number(isResult(a)))
  const marked = [...system, ...turns.flatMap(({ blocks }) => blocks)].filter(isMarked)
  for (const block of marked.slice(0, -MAX_CACHE_MARKS)) delete block.cache_control
  return { system, turns: turns.map(({ role, blocks }) => ({ role, content: simplest(blocks) })) }
}

function encodeUser({ content, cache }: UserMessage): Block[] {
  return cached(typeof content === 'string' ? textBlocks(content) : content.flatMap(encodePart), cache)
}

const encodeResult = ({ toolCallId, content, isError }: ToolMessage, ids: WireIds): Block => ({
  type: 'tool_result',
  tool_use_id: ids.ofResult(toolCallId),
  ...(hasWords(content) && { content }),
  ...(isError === true && { is_error: true }),
})

function encodeAssistant(message: AssistantMessage, provider: string, ids: WireIds): Block[] {
  const { content, toolCalls = [], thoughts = [], origin = provider } = message
  const blocks: Block[] = []
  for (const { text, signature, sealed } of origin === provider ? thoughts : []) {
    if (sealed !== undefined) blocks.push({ type: 'redacted_thinking', data: sealed })
    else if (signature !== undefined && signature !== '') blocks.push({ type: 'thinking', thinking: text, signature })
  }
  // A turn must not end with a thought.
  if (!hasWords(content) && toolCalls.length === 0) return []
  blocks.push(...textBlocks(content))
  for (const call of toolCalls) {
    blocks.push({ type: 'tool_use', id: ids.ofCall(call.id), name: call.name, input: toolArguments(call) })
  }
  return blocks
}

function encodePart(part: Part): Block[] {
  if (part.type === 'text') return textBlocks(part.text)
  const title = part.type === 'file' && part.name !== undefined && { title: part.name }
  const data = readDataUrl(part.url)
  if (data === undefined) {
    const source = { type: 'url', url: part.url }
    return [part.type === 'image' ? { type: 'image', source } : { type: 'document', source, ...title }]
  }
  const { mediaType, base64 } = data
  const source = { type: 'base64', media_type: mediaType, data: base64 }
  if (IMAGES.has(mediaType)) return [{ type: 'image', source }]
  if (part.type === 'file' && mediaType === 'application/pdf') return [{ type: 'document', source, ...title }]
  if (part.type === 'file' && isTextType(mediaType)) {
    const text = { type: 'text', media_type: 'text/plain', data: fromBase64(base64) }
    return [{ type: 'document', source: text, ...title }]
  }
  throw new ChatError(
    'unsupported',
    `${part.type}s of type ${shown(mediaType)} are not taken: give a PNG, JPEG, GIF or WebP image, a PDF, or a text`,
  )
}

/** @see https://platform.claude.com/docs/en/build-with-claude/vision (2026-11-20) */
const IMAGES: ReadonlySet<string> = /* @__PURE__ */ new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

const textBlocks = (text: string): Block[] => (hasWords(text) ? [{ type: 'text', text }] : [])

/** Whether a text is more than white space and control characters. */
const hasWords = (text: string): boolean => /[^\s\p{Cc}]/u.test(text)

const isResult = ({ type }: Block): boolean => type === 'tool_result'
const isMarked = ({ cache_control: mark }: Block): boolean => mark !== undefined

/** A single text becomes a string. */
function simplest(blocks: Block[]): string | Block[] {
  const [only] = blocks
  return blocks.length === 1 && only?.type === 'text' && !isMarked(only) ? String(only.text) : blocks
}

/** Marks the last of the blocks, if there is one. */
function cached(blocks: Block[], cache: boolean | undefined): Block[] {
  const last = blocks.at(-1)
  if (cache === true && last !== undefined) last.cache_control = { type: 'ephemeral' }
  return blocks
}

const fromBase64 = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
