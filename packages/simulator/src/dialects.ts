import { suggestion } from './closest.ts'
import type { Dialect } from './dialect.ts'
import { anthropic } from './dialects/anthropic.ts'
import { google } from './dialects/google.ts'
import { gravityengine } from './dialects/gravityengine.ts'
import { liaobots } from './dialects/liaobots.ts'
import { lockchat } from './dialects/lockchat.ts'
import { ollama } from './dialects/ollama.ts'
import { openai } from './dialects/openai.ts'
import { openaiResponses } from './dialects/openai-responses.ts'

/** Every dialect that the simulator speaks, by its path prefix. Add a new dialect here. */
export const dialects = {
  gravityengine,
  liaobots,
  lockchat,
  openai,
  'openai-responses': openaiResponses,
  anthropic,
  google,
  ollama,
} satisfies Readonly<Record<string, Dialect>>

export type DialectId = keyof typeof dialects

export const dialectIds = Object.values(dialects).map(({ id }) => id)

export function isDialectId(name: string): name is DialectId {
  return Object.hasOwn(dialects, name)
}

/** Checks a dialect's name; throws a `TypeError` with a suggestion if it is unknown. */
export function dialectId(name: string): DialectId {
  if (isDialectId(name)) return name
  throw new TypeError(`Unknown dialect "${name}"${suggestion(name, dialectIds)}`)
}
