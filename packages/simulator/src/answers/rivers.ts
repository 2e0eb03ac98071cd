import { amountIn, inWords } from './amount.ts'
import { type PromptContext, quote, type Responder } from './prompt.ts'

/** What a simulator knows by heart: tables, lists and lengths of rivers. */

interface River {
  readonly name: string
  readonly continent: string
  readonly km: number
  readonly mouth: string
}

/** The longest first. */
const rivers: readonly River[] = [
  { name: 'Nile', continent: 'Africa', km: 6650, mouth: 'Mediterranean Sea' },
  { name: 'Amazon', continent: 'South America', km: 6400, mouth: 'Atlantic Ocean' },
  { name: 'Yangtze', continent: 'Asia', km: 6300, mouth: 'East China Sea' },
  { name: 'Mississippi', continent: 'North America', km: 3766, mouth: 'Gulf of Mexico' },
  { name: 'Volga', continent: 'Europe', km: 3530, mouth: 'Caspian Sea' },
  { name: 'Danube', continent: 'Europe', km: 2850, mouth: 'Black Sea' },
  { name: 'Murray', continent: 'Australia', km: 2508, mouth: 'Southern Ocean' },
  { name: 'Rhine', continent: 'Europe', km: 1230, mouth: 'North Sea' },
  { name: 'Loire', continent: 'Europe', km: 1006, mouth: 'Atlantic Ocean' },
  { name: 'Thames', continent: 'Europe', km: 346, mouth: 'North Sea' },
]

/** Without a number in the prompt. */
const usualAmount = 6

const kilometres = ({ km }: River): string => km.toLocaleString('en-US')

/** As many as the prompt asks for, the longest first; “long” and “short” choose from one end. */
function chosen({ prompt, random }: PromptContext): River[] {
  const size = Math.min(Math.max(amountIn(prompt) ?? usualAmount, 1), rivers.length)
  if (/\blong(?:est)?\b/iu.test(prompt)) return rivers.slice(0, size)
  if (/\bshort(?:est)?\b/iu.test(prompt)) return rivers.slice(-size)
  return random
    .shuffle(rivers)
    .slice(0, size)
    .toSorted((left, right) => right.km - left.km)
}

const areRivers = (amount: number): string =>
  amount === 1 ? 'is one river' : `are ${inWords(amount)} rivers, the longest first`

export const table: Responder = (context) => {
  const { prompt } = context
  if (!/\btable\b/iu.test(prompt)) return undefined
  const rows = chosen(context)
  const lines = rows.map((river) => `| ${river.name} | ${river.continent} | ${kilometres(river)} | ${river.mouth} |`)
  const head = ['| River | Continent | Length (km) | Flows into |', '| --- | --- | ---: | --- |']
  const intro = /\briver/iu.test(prompt)
    ? `Here ${areRivers(rows.length)}:`
    : `You asked for “${quote(prompt, 60)}”. A simulator knows only its rivers: here ${areRivers(rows.length)}:`
  return `${intro}\n\n${[...head, ...lines].join('\n')}\n\nLengths differ a little from source to source: nobody agrees where a river begins.`
}

/** `name three rivers`, `a list of rivers`; advice about rivers is another answer. */
export const riverList: Responder = (context) => {
  if (!/\b(?:name|list)\b(?:\s+\S+){0,4}?\s+rivers?\b/iu.test(context.prompt)) return undefined
  if (/\babout\b/iu.test(context.prompt)) return undefined
  const lines = chosen(context).map((river, at) => `${at + 1}. ${river.name}, ${kilometres(river)} km`)
  return `Here ${areRivers(lines.length)}:\n\n${lines.join('\n')}`
}

/** `how long is the Nile?`, `which is the longest river?` */
export const riverFact: Responder = ({ prompt }) => {
  const isShort = /\bshortest river\b/iu.test(prompt)
  const asked =
    isShort || /\blongest river\b/iu.test(prompt)
      ? rivers.at(isShort ? -1 : 0)
      : /\b(?:how long|length|where|which sea)\b/iu.test(prompt)
        ? rivers.find(({ name }) => new RegExp(`\\b${name}\\b`, 'iu').test(prompt))
        : undefined
  if (asked === undefined) return undefined
  const rank =
    asked === rivers[0] ? ', the longest river on earth,' : isShort ? ', the shortest river that I know,' : ''
  return `The ${asked.name}${rank} is about ${kilometres(asked)} km long. It flows through ${asked.continent} into the ${asked.mouth}.`
}
