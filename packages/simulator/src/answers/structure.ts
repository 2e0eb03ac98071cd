import { amountIn, inWords, numberOf } from './amount.ts'
import { type Responder, topicOf } from './prompt.ts'

/** Structured answers: numbers and lists. */

/** `count to 12`, `count from three to nine`, `count down from 5`; at most a thousand numbers. */
export const count: Responder = ({ prompt }) => {
  const range =
    /\bcount\s+(?:(?:down|backwards)\s+)?(?:from\s+(\w+)\s+)?(?:(?:up|down)\s+)?to\s+(\w+)/iu.exec(prompt) ??
    /\bcount\s+(?:down|backwards)\s+from\s+(\w+)/iu.exec(prompt)
  if (range === null) return undefined
  const from = numberOf(range[1] ?? 'one')
  const to = numberOf(range[2] ?? 'one')
  if (from === undefined || to === undefined) return undefined
  const size = Math.min(Math.abs(to - from) + 1, 1000)
  const step = to < from ? -1 : 1
  return `${Array.from({ length: size }, (_, index) => from + index * step).join(', ')}.`
}

const steps = [
  ['Start small', 'the smallest version that works teaches more than the best plan'],
  ['Write down what you expect', 'a surprise is only useful when you know what surprised you'],
  ['Change one thing at a time', 'then you know which change it was'],
  ['Measure before you improve', 'the slow part is rarely where it seems to be'],
  ['Keep what works', 'a good default is worth more than ten options'],
  ['Name things for their use', 'the reader comes with a task, not with your history'],
  ['Plan for the bad day', 'connections break, clocks jump, disks fill up'],
  ['Show it to someone early', 'fresh eyes find what yours have learned to skip'],
  ['Delete what nobody uses', 'it costs attention long after it was paid for'],
  ['Say what comes next', 'a first step that is written down is half done'],
  ['Rest before you decide', 'the second thought is cheaper in the morning'],
  ['Leave a note', 'the next person on this path may be you'],
] as const

export const list: Responder = ({ prompt, random }) => {
  if (!/\b(?:list|bullets?|bullet points|steps|ideas|tips|reasons|ways)\b/iu.test(prompt)) return undefined
  const size = Math.min(amountIn(prompt) ?? 5, steps.length)
  // “A list of seven ideas” names an amount, and no topic.
  const topic = topicOf(prompt.replace(/\bof\b/iu, ''))
  const about = topic === undefined ? 'that tend to help' : `about ${topic}`
  const intro = `Here ${size === 1 ? 'is one thing' : `are ${inWords(size)} things`} ${about}:`
  const lines = random
    .shuffle(steps)
    .slice(0, size)
    .map(([head, why], index) => `${index + 1}. **${head}**: ${why}.`)
  return `${intro}\n\n${lines.join('\n')}\n\nI am a simulator, so the advice is general; the list is real Markdown.`
}
