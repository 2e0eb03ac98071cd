import type { Simulator } from '@rivulet/simulator'

/** One thing that a client must be able to do. Returns what was observed, in a few words; throws when it is wrong. */
export type Scenario = (sim: Simulator) => Promise<string>

export type Scenarios = Readonly<Record<string, Scenario>>

/** The error of a call that must reject. @throws Error when it does not. */
export async function thrownBy(call: () => Promise<unknown>): Promise<Error & { readonly status?: unknown }> {
  try {
    await call()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The tool of the two-round conversations. */
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

/** The schema of the structured answers. */
export const book = {
  type: 'object' as const,
  properties: {
    title: { type: 'string' },
    year: { type: 'integer' },
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

/** Whether the text is a book, checked by hand rather than by a schema library. */
export function isBook(json: string): boolean {
  // Every field that is used is checked below.
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
