import type { ErrorQuirk } from '../quirks.ts'

export interface ResponsesOptions {
  /** @default '/responses' */
  path?: string | undefined
  /** Id of the provider: sealed thoughts from turns of another `origin` are never sent. @default no thoughts are sent */
  origin?: string | undefined
  /**
   * Whether a model thinks: its thoughts are then requested in sealed form, which a model that does not think refuses.
   * For other models they are requested when the request names an effort. @default no model
   */
  thinks?: ((model: string) => boolean) | undefined
  /** Requests a summary of the reasoning. Some accounts must be verified for it. @default none is requested */
  reasoningSummary?: 'auto' | 'concise' | 'detailed' | undefined
  /** The media types of images that the endpoint takes. @default any */
  imageTypes?: readonly string[] | undefined
  /** The media types of files that the endpoint takes. @default any */
  fileTypes?: readonly string[] | undefined
  /** Codes of the endpoint's errors, where status, names and words do not say it. @default none */
  errors?: readonly ErrorQuirk[] | undefined
}
