import { signatureOf } from '../../answers/reasoning.ts'
import { recordIn, recordsIn, textIn } from '../../fields.ts'
import type { Message } from '../../messages.ts'
import { RequestError } from '../../request-error.ts'
import { checkSearches } from './searches.ts'

type Block = Record<string, unknown>

/** The conversation from checked fields; also checks that tool calls and results match. */
export function conversationOf(system: unknown, messages: readonly Block[]): Message[] {
  const instructions = blocksOf(system ?? []).map((block): Message => ({ role: 'system', content: textIn(block.text) }))
  let called: readonly string[] = []
  const turns = messages.flatMap(({ role, content }, index) => {
    const blocks = blocksOf(content)
    checkBlocks(blocks, index)
    if (role === 'assistant') checkTurn(blocks, index)
    const results = idsOf(blocks, 'tool_result', 'tool_use_id')
    checkResults(called, role === 'user' ? results : [], index)
    called = idsOf(blocks, 'tool_use', 'id')
    return turnOf(role, blocks)
  })
  checkResults(called, [], messages.length)
  return [...instructions, ...turns]
}

function turnOf(role: unknown, blocks: readonly Block[]): Message[] {
  const content = blocks.map(({ text }) => textIn(text)).join('')
  if (role === 'assistant' || role === 'system') return [{ role, content }]
  const results = blocks.filter(({ type }) => type === 'tool_result')
  const isImage = ({ type }: Block): boolean => type === 'image'
  const images = [...blocks, ...results.flatMap((block) => blocksOf(block.content ?? ''))].filter(isImage).length
  const toolMessages = results.map((block): Message => ({
    role: 'tool',
    content: blocksOf(block.content ?? '')
      .map(({ text }) => textIn(text))
      .join(''),
  }))
  if (results.length === blocks.length) return toolMessages
  return [...toolMessages, { role: 'user', content, ...(images > 0 ? { images } : {}) }]
}

function checkBlocks(blocks: readonly Block[], index: number): void {
  for (const [at, { type, text, thinking, signature, id }] of blocks.entries()) {
    const where = `messages.${index}.content.${at}`
    if (type === 'text' && text === '') refuse('messages: text content blocks must be non-empty', where)
    if (type === 'text' && textIn(text).trim() === '') {
      refuse('messages: text content blocks must contain non-whitespace text', where)
    }
    if (type === 'thinking' && textIn(signature) !== signatureOf('thinking', textIn(thinking))) {
      refuse(`${where}: Invalid \`signature\` in \`thinking\` block`, where)
    }
    if (type === 'tool_use' && !/^[\w-]+$/.test(textIn(id))) {
      refuse(`${where}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`, where)
    }
  }
}

function checkTurn(blocks: readonly Block[], index: number): void {
  const where = `messages.${index}`
  const { type } = blocks.at(-1) ?? {}
  if (type === 'thinking' || type === 'redacted_thinking') {
    refuse(`${where}: The final block in an assistant message cannot be \`thinking\`.`, where)
  }
  checkSearches(blocks, where)
}

function checkResults(called: readonly string[], results: readonly string[], index: number): void {
  const missing = called.filter((id) => !results.includes(id))
  if (missing.length > 0) {
    refuse(
      `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      `messages.${index - 1}`,
    )
  }
  const stray = results.find((id) => !called.includes(id))
  if (stray !== undefined) {
    refuse(
      `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      `messages.${index}`,
    )
  }
}

function refuse(message: string, param: string): never {
  throw new RequestError(400, 'wrong_value', message, { param, isVerbatim: true })
}

/** A string is one block of text. */
function blocksOf(content: unknown): Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : recordsIn(content)
}

function idsOf(blocks: readonly Block[], type: string, field: string): string[] {
  return blocks.filter((block) => block.type === type).map((block) => textIn(recordIn(block)[field]))
}
