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

/** Every dialect the simulator speaks, under the path that leads to it. A new dialect is added here. */
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

/** The dialect of that name; a `TypeError` with a suggestion where there is none. */
export function dialectId(name: string): DialectId {
  if (isDialectId(name)) return name
  throw new TypeError(`There is no dialect "${name}"${suggestion(name, dialectIds)}`)
}
