import type { Random } from '../random.ts'

/** A JSON Schema, or Gemini's variant of it: types in capitals, `nullable`. Unknown keywords are ignored. */
export type Schema = Readonly<Record<string, unknown>>

/** What sample values are derived from. */
export interface SampleContext {
  readonly prompt: string
  readonly random: Random
}
