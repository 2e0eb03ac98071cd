import type { AssistantMessage, AssistantPart, Message, Origin, SystemMessage } from '@rivulet/core'
import { boundedJson, isRecord, readSeal } from '@rivulet/core/provider'
import type { Block } from '../dialect.ts'
import { blocksOf, cacheOf, nativePart, readPart, refused, stringIn } from './read-blocks.ts'

/** The API takes no more. @see https://platform.claude.com/docs/en/api/messages (2026-11-20) */
const MOST_MESSAGES = 100_000

/**
 * A line of Claude Code's for the vendor's accounts. It changes with every request, and would spoil the prompt cache of any other
 * endpoint. @see https://github.com/musistudio/claude-code-router (2026-11-28)
 */
const BILLING = 'x-anthropic-billing-header:'

/** The system messages, one for each block. */
export function readSystem(at: string, system: unknown): SystemMessage[] {
  if (system === undefined || system === null) return []
  const messages = blocksOf(at, system).map((block, index): SystemMessage => {
    return { role: 'system', content: stringIn(`${at}.${index}`, block, 'text'), ...cacheOf(block) }
  })
  return messages.filter(({ content }) => !content.startsWith(BILLING))
}

export function readMessages(messages: unknown): Message[] {
  if (!Array.isArray(messages) || messages.length === 0) throw refused('messages', 'must have at least one message')
  if (messages.length > MOST_MESSAGES) throw refused('messages', `must be at most ${MOST_MESSAGES} messages`)
  return messages.flatMap((message: unknown, index) => {
    const at = `messages.${index}`
    if (!isRecord(message)) throw refused(at, 'must be an object with role and content')
    switch (message.role) {
      case 'user':
        return readUser(`${at}.content`, blocksOf(`${at}.content`, message.content))
      case 'assistant':
        return [readAssistant(`${at}.content`, blocksOf(`${at}.content`, message.content))]
      case 'system':
        return readSystem(`${at}.content`, message.content)
      default:
        throw refused(`${at}.role`, 'must be user, assistant or system')
    }
  })
}

/** Each tool result is a message of its own; the other blocks form one user message. */
function readUser(at: string, blocks: readonly Block[]): Message[] {
  const results = blocks.flatMap((block, index): Message[] =>
    block.type === 'tool_result' ? [readResult(`${at}.${index}`, block)] : [],
  )
  const parts = blocks.flatMap((block, index) =>
    block.type === 'tool_result' ? [] : [readPart(`${at}.${index}`, block)],
  )
  if (parts.length === 0 && results.length > 0) return results
  const [only] = parts
  if (only?.type !== 'text' || parts.length > 1) return [...results, { role: 'user', content: parts }]
  return [...results, { role: 'user', content: only.text, ...(only.cache !== undefined && { cache: only.cache }) }]
}

function readResult(at: string, block: Block): Message {
  const blocks = blocksOf(`${at}.content`, block.content ?? [])
  const parts = blocks.map((each, index) => readPart(`${at}.content.${index}`, each))
  const [only] = parts
  const isText = parts.length === 1 && only?.type === 'text' && only.cache === undefined
  return {
    role: 'tool',
    toolCallId: stringIn(at, block, 'tool_use_id'),
    content: isText ? only.text : parts.length === 0 ? '' : parts,
    ...(block.is_error === true && { isError: true }),
    ...cacheOf(block),
  }
}

function readAssistant(at: string, blocks: readonly Block[]): AssistantMessage {
  const parts: AssistantPart[] = []
  let origin: Origin | undefined
  /** What was signed, out of its seal; `undefined` for an empty signature, `null` for one of another author than the first. */
  const opened = (given: unknown): string | undefined | null => {
    if (typeof given !== 'string' || given === '') return undefined
    const seal = readSeal(given)
    if (seal === undefined) return given
    const { provider, model, value } = seal
    origin ??= { provider, model }
    return provider === origin.provider && model === origin.model ? value : null
  }
  for (const [index, block] of blocks.entries()) {
    const where = `${at}.${index}`
    switch (block.type) {
      case 'text':
        parts.push({ type: 'text', text: stringIn(where, block, 'text'), ...cacheOf(block) })
        if (Array.isArray(block.citations) && block.citations.length > 0) parts.push(nativePart(block))
        break
      case 'thinking': {
        const signature = opened(block.signature)
        const text = stringIn(where, block, 'thinking')
        if (signature === null) break
        parts.push({ type: 'reasoning', text, ...(signature !== undefined && { signature }) })
        break
      }
      case 'redacted_thinking': {
        const sealed = opened(stringIn(where, block, 'data'))
        if (sealed !== null) parts.push({ type: 'reasoning', text: '', sealed: sealed ?? '' })
        break
      }
      case 'tool_use':
        parts.push({
          type: 'tool-call',
          id: stringIn(where, block, 'id'),
          name: stringIn(where, block, 'name'),
          input: boundedJson(block.input ?? {}, Infinity),
        })
        break
      default:
        parts.push(nativePart(block))
    }
  }
  const [only] = parts
  const isText = parts.length === 1 && only?.type === 'text' && only.cache === undefined
  return { role: 'assistant', content: isText ? only.text : parts, ...(origin !== undefined && { origin }) }
}
