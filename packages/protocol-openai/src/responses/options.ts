import type { ErrorQuirk } from '../quirks.ts'

export interface ResponsesOptions {
  /** @default '/responses' */
  path?: string
  /** Id of the provider: sealed thoughts of turns that another wrote never go to it. @default no thoughts are sent */
  origin?: string
  /**
   * Models that think, whose thoughts are asked for in sealed form; a model that does not think refuses the question.
   * Without this, they are asked for when the request names an effort. @default none
   */
  thinks?: (model: string) => boolean
  /** Asks for a summary of what was thought. Some accounts have to be verified for it. @default none is asked for */
  reasoningSummary?: 'auto' | 'concise' | 'detailed'
  /** What the endpoint's errors mean, where their status, names and words do not say it. @default none */
  errors?: readonly ErrorQuirk[]
}
