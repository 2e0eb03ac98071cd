import type { ChatRequest } from '@rivulet/core'
import { chance, pick } from './chance.ts'

/** A model that every endpoint serves. */
export const MODEL = 'gpt-6-luna'

const WORDS =
  'river stone bridge salt copper window harbour seven naïve œuvre größer 川 水の流れ Москва 🌊 👩‍🚀 “quoted” it’s a|b <p> {"a":1} C:\\x'.split(
    ' ',
  )

/**
 * The question with this index. Each has a different answer, so that an answer shows its question. Answers are short or long,
 * with code, tables, digits, and characters of several bytes.
 */
export function questionOf(seed: number, index: number): ChatRequest {
  return { model: MODEL, messages: [{ role: 'user', content: wordsOf(seed, index) }] }
}

function wordsOf(seed: number, index: number): string {
  const random = chance('question', seed, index)
  // Numbered, so that no phrase repeats: a phrase that repeats right where an answer broke is taken for an echo
  // (docs/guides/routing.md). With random words alone, that happened to one answer in 20,000.
  const words = (): string =>
    Array.from({ length: 8 + Math.floor(random() * 20) }, (_, at) => `${pick(WORDS, random)} ${at}`).join(', ')
  // A long answer takes as long as fifty others.
  if (index % 100 === 99) return `a long essay about the river number ${index}`
  const from = 1 + Math.floor(random() * 90_000)
  return pick(
    [
      `echo ${index}: ${words()} (${index})`,
      `count from ${from} to ${from + 5 + Math.floor(random() * 25)}`,
      `a table of rivers for ${pick(WORDS, random)} ${index}`,
      `a list of five ideas about ${pick(WORDS, random)} ${index}`,
      `write a function in ${pick(['Rust', 'Python', 'TypeScript'], random)} that sorts ${index} things`,
      `a greeting in Japanese for visitor ${index}`,
      `tell me about the bridge number ${index}`,
    ],
    random,
  )
}
