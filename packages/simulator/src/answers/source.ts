import type { Random } from '../random.ts'

/** A JSON Schema, or what Gemini makes of one: types in capitals, `nullable`. Read leniently: what is not known is passed over. */
export type Schema = Readonly<Record<string, unknown>>

/** What the values are made from. */
export interface Source {
  readonly prompt: string
  readonly random: Random
}
