import type { Random } from '../random.ts'
import { placeIn, quote } from './prompt.ts'
import type { Schema, SampleContext } from './json-schema.ts'

/** Plausible values for a property, chosen by its name. */

const byFormat: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T12:00:00Z',
  duration: 'P1D',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  time: '12:00:00Z',
  uri: 'https://example.com/',
  uuid: '6b1cbd6a-7a5e-4d0e-9d4f-1f2f3a4b5c6d',
}

const byName: readonly (readonly [RegExp, string | ((source: SampleContext) => string)])[] = [
  [/location|city|place|town|where|destination/i, ({ prompt }) => placeIn(prompt) ?? 'Lisbon'],
  [/unit/i, 'celsius'],
  [/zone/i, 'Europe/Oslo'],
  [/e-?mail/i, 'ada@example.com'],
  [/url|link|website/i, 'https://example.com/'],
  [/phone/i, '+1 555 0100'],
  [/date|day$/i, '2026-01-01'],
  [/time$/i, '12:00'],
  [/country/i, 'Portugal'],
  [/language/i, 'en'],
  [/currency/i, 'EUR'],
  [/colou?r/i, ({ random }) => random.pick(['blue', 'green', 'grey'])],
  [/query|prompt|question|search|message|^q$|^text$|^input$/i, ({ prompt }) => quote(prompt, 120)],
  [/title|heading/i, ({ random }) => random.pick(['A small river', 'Where it begins', 'The long way round'])],
  [
    /description|summary|reason|explanation|answer|content/i,
    ({ prompt }) => `A simulated answer to “${quote(prompt)}”.`,
  ],
  [/name|author|person|user/i, ({ random }) => random.pick(['Ada', 'Grace', 'Edsger', 'Barbara'])],
  [/id$/i, ({ random }) => `id_${random.below(9000) + 1000}`],
]

const words = ['river', 'bridge', 'letter', 'garden', 'lighthouse', 'harbour', 'compass', 'meadow']

/** Candidates for a `pattern`, tried in turn; a pattern that none of them matches is not satisfied. */
const shapes = [
  'abc',
  'ABC',
  'abc-123',
  'ABC-123',
  'AB12',
  'A1',
  '123',
  '1234',
  '12345',
  '1.0.0',
  'a_b',
  '#00aaff',
  '12:00',
]

export function plausibleText(schema: Schema, name: string, source: SampleContext): string {
  const { format, pattern, minLength, maxLength } = schema
  const fixed = typeof format === 'string' ? byFormat[format] : undefined
  if (fixed !== undefined) return fixed
  const known = byName.find(([expected]) => expected.test(name))?.[1]
  const made = typeof known === 'function' ? known(source) : (known ?? source.random.pick(words))
  if (typeof pattern === 'string') return matching(pattern, [made, ...shapes, ...Object.values(byFormat)]) ?? made
  const least = Number(minLength ?? 0)
  const most = Number(maxLength ?? Infinity)
  const characters = Array.from(made.length < least ? made.padEnd(least, '.') : made)
  return characters.slice(0, Math.min(characters.length, most)).join('')
}

function matching(pattern: string, candidates: readonly string[]): string | undefined {
  try {
    const expected = new RegExp(pattern, 'u')
    return candidates.find((candidate) => expected.test(candidate))
  } catch {
    return undefined
  }
}

export function plausibleNumber(schema: Schema, name: string, random: Random): number {
  const isWhole = String(schema.type).toLowerCase().includes('integer')
  const step = typeof schema.multipleOf === 'number' && schema.multipleOf > 0 ? schema.multipleOf : isWhole ? 1 : 0.5
  const least = bound(schema.minimum, schema.exclusiveMinimum, step)
  const most = bound(schema.maximum, schema.exclusiveMaximum, -step)
  const usual = /year/i.test(name) ? 2026 : /temperature/i.test(name) ? 21 : 1 + random.below(12)
  const wanted = Math.min(Math.max(usual, least ?? usual), most ?? Infinity)
  const stepped = Math.round(wanted / step) * step
  const inside =
    least !== undefined && stepped < least
      ? stepped + step
      : most !== undefined && stepped > most
        ? stepped - step
        : stepped
  // Steps such as 0.1 add up to 0.30000000000000004.
  return Number(inside.toFixed(10))
}

function bound(inclusive: unknown, exclusive: unknown, step: number): number | undefined {
  if (typeof inclusive === 'number') return inclusive
  return typeof exclusive === 'number' ? exclusive + step : undefined
}
