import { type Responder, quote } from './prompt.ts'

/** Answers taken from the conversation itself. */

/** Repeats the results of the tools that were called last. */
export const repeatToolResults: Responder = ({ messages }) => {
  if (messages.at(-1)?.role !== 'tool') return undefined
  const results = messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1)
  const who = results.length === 1 ? 'The tool' : 'The tools'
  return `${who} answered: ${results.map(({ content }) => quote(content, 400)).join('; ')}\n\nThat is all I needed. Shall I look at anything else?`
}

/** Says how many images came with the last message. */
export const describeImages: Responder = ({ prompt, messages }) => {
  const { images = 0 } = messages.findLast(({ role }) => role === 'user') ?? {}
  if (images === 0) return undefined
  const what = images === 1 ? 'an image' : `${images} images`
  return `I see ${what}, as far as a simulator sees: the bytes arrived. You wrote: “${quote(prompt)}”.`
}

/** `what did I say`, `what is my name`. */
export const recallHistory: Responder = ({ prompt, messages }) => {
  const said = messages.filter(({ role }) => role === 'user').slice(0, -1)
  if (/\bwhat(?:'s|’s| is) my name\b|\bwho am I\b/iu.test(prompt)) {
    const introduced = /\b(?:my name is|I am called|call me)\s+(\p{Lu}[\p{L}'’-]*)/iu
    const name = said.map(({ content }) => introduced.exec(content)?.[1]).findLast((found) => found !== undefined)
    return name === undefined
      ? 'You have not told me your name yet. Say “my name is …” and ask me again.'
      : `Your name is ${name}. You told me so earlier in this conversation.`
  }
  const asksBack = /\bwhat (?:did|have|had) I (?:just |already )?(?:say|said|ask|asked|tell|told|write|written)\b/iu
  if (!asksBack.test(prompt) && !/\bmy (?:last|first|previous|earlier) (?:message|question)\b/iu.test(prompt))
    return undefined
  const first = said.at(0)
  const last = said.at(-1)
  if (first === undefined || last === undefined) {
    return 'This is the first thing you have said in this conversation, so there is nothing to look back on yet.'
  }
  if (/\bfirst\b/iu.test(prompt)) return `The first thing you said was: “${quote(first.content, 200)}”`
  if (said.length === 1) return `You said: “${quote(last.content, 200)}”`
  const lines = said.slice(-10).map(({ content }, index) => `${index + 1}. “${quote(content, 120)}”`)
  return `Before this question you said:\n\n${lines.join('\n')}\n\nThe last of them was “${quote(last.content, 120)}”.`
}

/** `echo …` and `say …`: exactly those words. */
export const echo: Responder = ({ prompt }) => {
  const match = /^(?:please\s+)?(?:(echo)|say|repeat(?:\s+after me)?)\s*(?::\s*|\s)(.+)$/isu.exec(prompt)
  const words = match?.[2]?.trim()
  if (words === undefined) return undefined
  if (match?.[1] === undefined) {
    // “Say something in Japanese” asks for an answer, not for an echo.
    if (/^(?:something|anything|a few|some|it|that|this)\b/iu.test(words)) return undefined
    if (/\bin (?:russian|chinese|mandarin|japanese|emojis?)[.!?]?$/iu.test(words)) return undefined
  }
  return /^(["'“«])(.+)(["'”»])$/su.exec(words)?.[2] ?? words
}
