import type { ReasoningEffort } from '@rivulet/core'
import type { StrictSchema } from '../client/strict-schema.ts'
import type { ErrorQuirk } from '../quirks.ts'

export interface ResponsesOptions {
  /** @default '/responses' */
  path?: string | undefined
  /** Id of the provider: it gets the reasoning of its own models back, sealed. @default no reasoning is sent */
  origin?: string | undefined
  /**
   * Whether a model thinks: its thoughts are then requested in sealed form, which a model that does not think refuses.
   * For other models they are requested when the request names an effort. @default no model
   */
  thinks?: ((model: string) => boolean) | undefined
  /** The steps of effort that a model knows, or `undefined`: another one is sent as the nearest. @default all */
  efforts?: ((model: string) => readonly ReasoningEffort[] | undefined) | undefined
  /** Requests a summary of the reasoning. Some accounts must be verified for it. @default none is requested */
  reasoningSummary?: 'auto' | 'concise' | 'detailed' | undefined
  /** The media types of images that the endpoint takes. @default any */
  imageTypes?: readonly string[] | undefined
  /** The media types of files that the endpoint takes. @default any */
  fileTypes?: readonly string[] | undefined
  /**
   * A strict schema as the endpoint takes it. A strict answer whose schema loses a keyword throws `unsupported`; a strict tool is
   * then sent without `strict`, which is named. @default as it is
   */
  strictSchema?: StrictSchema
  /** Codes of the endpoint's errors, where status, names and words do not say it. @default none */
  errors?: readonly ErrorQuirk[] | undefined
}
