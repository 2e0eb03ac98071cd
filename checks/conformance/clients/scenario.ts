import type { Simulator } from '@rivulet/simulator'

/** One thing that a client must manage: returns what was seen, in a few words, and throws where it is not right. */
export type Scenario = (sim: Simulator) => Promise<string>

export type Scenarios = Readonly<Record<string, Scenario>>

/** What the call rejected with. A call that does not reject is the failure. */
export async function thrownBy(call: () => Promise<unknown>): Promise<Error & { readonly status?: unknown }> {
  try {
    await call()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** What both rounds of a conversation with a tool are about. */
export const weather = {
  name: 'get_weather',
  description: 'The weather at a place.',
  schema: {
    type: 'object' as const,
    properties: { location: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['location', 'unit'],
    additionalProperties: false,
  },
  question: 'What is the weather in Oslo in celsius?',
  result: '21 degrees and dry',
}

/** What a structured answer must satisfy. */
export const book = {
  type: 'object' as const,
  properties: {
    title: { type: 'string' },
    year: { type: 'integer', minimum: 1900 },
    tags: { type: 'array', items: { type: 'string', enum: ['river', 'sea'] }, minItems: 1 },
    author: {
      type: 'object',
      properties: { name: { type: 'string' }, alive: { type: 'boolean' } },
      required: ['name', 'alive'],
      additionalProperties: false,
    },
  },
  required: ['title', 'year', 'tags', 'author'],
  additionalProperties: false,
}

/** Whether it is one, checked by hand: no schema library stands between. */
export function isBook(json: string): boolean {
  // Trusted as far as the next line looks.
  const value = JSON.parse(json) as Record<string, unknown> & { author: Record<string, unknown> }
  return (
    typeof value.title === 'string' &&
    Number.isInteger(value.year) &&
    Array.isArray(value.tags) &&
    value.tags.length > 0 &&
    value.tags.every((tag) => tag === 'river' || tag === 'sea') &&
    typeof value.author.name === 'string' &&
    typeof value.author.alive === 'boolean'
  )
}
