import type { LanguageModelV4Message, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider'
import type { Message, ToolMessage, UserMessage } from '@rivulet/core'
import { callsOf, type Dropped, partsOf } from '@rivulet/core/provider'
import { DIALECT } from '../native.ts'
import { fromJson } from '../sdk-json.ts'
import { cacheOptions } from './cache-options.ts'
import { writeFile } from './write-files.ts'
import { type Author, writeTurn } from './write-turn.ts'

type MessageOf<Role extends LanguageModelV4Message['role']> = Extract<LanguageModelV4Message, { role: Role }>

/** The prompt of a conversation. The results of one turn's calls are one message of theirs. */
export function writePrompt(messages: readonly Message[], author: Author, dropped: Dropped): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = []
  const names = new Map<string, string>()
  const tool = (part: MessageOf<'tool'>['content'][number]): void => {
    const last = prompt.at(-1)
    if (last?.role === 'tool') last.content.push(part)
    else prompt.push({ role: 'tool', content: [part] })
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        prompt.push({ role: 'system', content: message.content, ...cacheOptions(message.cache) })
        break
      case 'user': {
        const [content, decisions] = writeUser(message, dropped)
        decisions.forEach(tool)
        if (content.length > 0) prompt.push({ role: 'user', content, ...cacheOptions(message.cache) })
        break
      }
      case 'assistant': {
        for (const { id, name } of callsOf(message)) names.set(id, name)
        const turn = writeTurn(message, author, dropped)
        // All of it was another model's, perhaps: vendors refuse a turn without content.
        if (turn.content.length > 0) prompt.push(turn)
        break
      }
      case 'tool': {
        const { toolCallId, cache } = message
        const toolName = names.get(toolCallId) ?? 'tool'
        tool({ type: 'tool-result', toolCallId, toolName, output: outputOf(message, dropped), ...cacheOptions(cache) })
        break
      }
    }
  }
  return prompt
}

type Decision = Extract<MessageOf<'tool'>['content'][number], { type: 'tool-approval-response' }>

/** A user's turn, and what the user has said of calls that the model's own provider runs: that is a message of its own. */
function writeUser(message: UserMessage, dropped: Dropped): [content: MessageOf<'user'>['content'], Decision[]] {
  const decisions: Decision[] = []
  const content = partsOf(message).flatMap((part): MessageOf<'user'>['content'] => {
    switch (part.type) {
      case 'text':
        return [{ type: 'text', text: part.text, ...cacheOptions(part.cache) }]
      case 'image':
      case 'file':
        return [writeFile(part)]
      case 'native': {
        const isOwn = part.dialect === DIALECT
        if (!isOwn) dropped.add(`native parts of ${part.dialect}`)
        const value = isOwn ? fromJson(part.value) : {}
        // A part of a prompt of theirs, as it was.
        if (value.type === 'tool-approval-response') decisions.push(value as unknown as Decision)
        return value.type === 'file' ? [value as unknown as MessageOf<'user'>['content'][number]] : []
      }
    }
  })
  return [content, decisions]
}

function outputOf(message: ToolMessage, dropped: Dropped): LanguageModelV4ToolResultOutput {
  const { content, isError = false } = message
  if (typeof content === 'string') return { type: isError ? 'error-text' : 'text', value: content }
  type Item = Extract<LanguageModelV4ToolResultOutput, { type: 'content' }>['value'][number]
  const value = content.flatMap((part): Item[] => {
    switch (part.type) {
      case 'text':
        return [{ type: 'text', text: part.text, ...cacheOptions(part.cache) }]
      case 'image':
      case 'file':
        return [writeFile(part)]
      case 'native':
        if (part.dialect === DIALECT) return [fromJson(part.value) as unknown as Item]
        dropped.add(`native parts of ${part.dialect}`)
        return []
    }
  })
  const texts = value.map((item) => (item.type === 'text' ? item.text : undefined))
  // Only a text can say that it is an error.
  return isError && !texts.includes(undefined)
    ? { type: 'error-text', value: texts.join('') }
    : { type: 'content', value }
}
