import type { Message } from '../messages.ts'
import type { Random } from '../random.ts'
import type { GenerationOptions } from './generation-options.ts'

/** What an answer is derived from. */
export interface PromptContext {
  /** The last user message, trimmed. */
  readonly prompt: string
  readonly model: string
  readonly messages: readonly Message[]
  readonly random: Random
  readonly options: GenerationOptions
}

/** One kind of answer: returns its text, or undefined if the prompt asks for something else. */
export type Responder = (context: PromptContext) => string | undefined

/** The topic of a prompt: the words after `about`, `on`, `of` or `for`, else undefined. */
export function topicOf(prompt: string): string | undefined {
  const topic = /\b(?:about|on|of|for|explaining|comparing)\s+(?:the\s+)?(.{2,60}?)\s*(?:[.?!,;\n]|$)/iu.exec(
    prompt,
  )?.[1]
  return topic?.replace(/\s+/g, ' ')
}

/** The place that a prompt names: “for Oslo”, “in New York”. */
export function placeIn(prompt: string): string | undefined {
  return /\b(?:in|for|at)\s+(\p{Lu}[\p{L}-]*(?:\s\p{Lu}[\p{L}-]*)*)/u.exec(prompt)?.[1]
}

/** The text on one line, shortened to `limit` characters. */
export function quote(text: string, limit = 80): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  if (characters.length <= limit) return line
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`
}
