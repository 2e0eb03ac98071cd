import { type Responder, quote, topicOf } from './prompt.ts'

/** Structured answers: numbers, lists, tables. */

/** `count to 12`, `count from 3 to 9`; at most a thousand numbers. */
export const count: Responder = ({ prompt }) => {
  const match = /\bcount\b\s+(?:from\s+(\d{1,6})\s+)?(?:up\s+)?to\s+(\d{1,6})/iu.exec(prompt)
  if (match === null) return undefined
  const from = Number(match[1] ?? 1)
  const to = Math.min(Number(match[2]), from + 999)
  if (to < from) return `I can only count upwards, and ${to} comes before ${from}.`
  return `${Array.from({ length: to - from + 1 }, (_, index) => from + index).join(', ')}.`
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

const numerals = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

export const list: Responder = ({ prompt, random }) => {
  if (!/\b(?:list|bullets?|bullet points|steps|ideas|tips|reasons|ways)\b/iu.test(prompt)) return undefined
  const word = numerals.findIndex((numeral) => new RegExp(`\\b${numeral}\\b`, 'iu').test(prompt))
  const digits = /\b(\d{1,2})\b/u.exec(prompt)?.[1]
  const asked = digits === undefined ? word : Number(digits)
  const size = asked >= 1 ? Math.min(asked, steps.length) : 5
  const topic = topicOf(prompt)
  const about = topic === undefined ? 'that tend to help' : `about ${topic}`
  const intro = `Here ${size === 1 ? 'is one thing' : `are ${numerals[size] ?? String(size)} things`} ${about}:`
  const lines = random
    .shuffle(steps)
    .slice(0, size)
    .map(([head, why], index) => `${index + 1}. **${head}**: ${why}.`)
  return `${intro}\n\n${lines.join('\n')}\n\nI am a simulator, so the advice is general; the list is real Markdown.`
}

const rivers = [
  ['Nile', 'Africa', 6650, 'Mediterranean Sea'],
  ['Amazon', 'South America', 6400, 'Atlantic Ocean'],
  ['Yangtze', 'Asia', 6300, 'East China Sea'],
  ['Mississippi', 'North America', 3766, 'Gulf of Mexico'],
  ['Volga', 'Europe', 3530, 'Caspian Sea'],
  ['Danube', 'Europe', 2850, 'Black Sea'],
  ['Murray', 'Australia', 2508, 'Southern Ocean'],
  ['Rhine', 'Europe', 1230, 'North Sea'],
  ['Loire', 'Europe', 1006, 'Atlantic Ocean'],
  ['Thames', 'Europe', 346, 'North Sea'],
] as const

export const table: Responder = ({ prompt, random }) => {
  if (!/\btable\b/iu.test(prompt)) return undefined
  const rows = random.shuffle(rivers).slice(0, 6)
  const lines = rows
    .toSorted((left, right) => right[2] - left[2])
    .map(([name, continent, km, mouth]) => `| ${name} | ${continent} | ${km.toLocaleString('en-US')} | ${mouth} |`)
  const head = ['| River | Continent | Length (km) | Flows into |', '| --- | --- | ---: | --- |']
  const intro = /\briver/iu.test(prompt)
    ? 'Here are six rivers, the longest first:'
    : `You asked for “${quote(prompt, 60)}”. A simulator knows only its rivers, so here are six of them:`
  return `${intro}\n\n${[...head, ...lines].join('\n')}\n\nLengths differ a little from source to source: nobody agrees where a river begins.`
}
