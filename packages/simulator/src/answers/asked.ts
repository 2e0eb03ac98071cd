import type { Message } from '../messages.ts'
import type { Random } from '../random.ts'
import type { Wishes } from './wishes.ts'

/** What an answer is made from. */
export interface Asked {
  /** The last user message, trimmed. */
  readonly prompt: string
  readonly model: string
  readonly messages: readonly Message[]
  readonly random: Random
  readonly wishes: Wishes
}

/** One kind of answer: its text, or undefined when the prompt asks for something else. */
export type Say = (asked: Asked) => string | undefined

/** What the prompt is about: the words after `about`, `on`, `of` or `for`, else undefined. */
export function topicOf(prompt: string): string | undefined {
  const topic = /\b(?:about|on|of|for|explaining|comparing)\s+(?:the\s+)?(.{2,60}?)\s*(?:[.?!,;\n]|$)/iu.exec(
    prompt,
  )?.[1]
  return topic?.replace(/\s+/g, ' ')
}

/** The place that the prompt names: “for Oslo”, “in New York”. */
export function placeIn(prompt: string): string | undefined {
  return /\b(?:in|for|at)\s+(\p{Lu}[\p{L}-]*(?:\s\p{Lu}[\p{L}-]*)*)/u.exec(prompt)?.[1]
}

/** A quotation of the prompt that is never longer than a line. */
export function quote(text: string, limit = 80): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = Array.from(line)
  if (characters.length <= limit) return line
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`
}
