import assert from 'node:assert/strict'
import type { Simulator } from '@rivulet/simulator'

/** Where a client asks: our simulator, or a gateway in front of it. */
export interface Endpoint extends Pick<Simulator, 'baseUrl' | 'fault' | 'requests'> {
  /** Of a server in this process, for clients that take one. */
  readonly fetch?: (url: string | URL | Request, init?: RequestInit) => Promise<Response>
}

/** One thing that a client must be able to do. Returns what was observed, in a few words; throws when it is wrong. */
export type Scenario = (at: Endpoint) => Promise<string>

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

/** Whether the endpoint saw the client leave the last answer. @throws Error when the answer was taken whole. */
export async function leftOff({ requests }: Endpoint): Promise<string> {
  const asked = requests.at(-1)
  await asked?.done
  assert.equal(asked?.answerTaken, false)
  return 'the endpoint saw its client leave'
}

/** The tool of the two-round conversations. */
export const weather = {
  name: 'get_weather',
  description: 'The weather at a place.',
  schema: {
    type: 'object' as const,
    properties: {
      location: { type: 'string' as const },
      unit: { type: 'string' as const, enum: ['celsius', 'fahrenheit'] },
    },
    required: ['location', 'unit'],
    additionalProperties: false as const,
  },
  question: 'What is the weather in Oslo in celsius?',
  result: '21 degrees and dry',
}

/** The schema of the structured answers. */
export const book = {
  type: 'object' as const,
  properties: {
    title: { type: 'string' as const },
    year: { type: 'integer' as const },
    tags: { type: 'array' as const, items: { type: 'string' as const, enum: ['river', 'sea'] }, minItems: 1 },
    author: {
      type: 'object' as const,
      properties: { name: { type: 'string' as const }, alive: { type: 'boolean' as const } },
      required: ['name', 'alive'],
      additionalProperties: false as const,
    },
  },
  required: ['title', 'year', 'tags', 'author'],
  additionalProperties: false as const,
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
