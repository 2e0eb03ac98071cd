import type { Origin } from '../chat.ts'

/** A date, a number of a release or `latest` at the end of a model's name. */
const RELEASE = /[-@:](?:\d{8}|\d{4}-\d{2}-\d{2}|\d{3,4}|latest)$/

/**
 * Whether a model has written a turn, so that it understands its own signatures there. Endpoints answer with the name of a
 * release where they are asked by the name of the model, so that releases count as one. A turn without origin is the caller's
 * own, or from a time before it was kept: it counts as the model's.
 *
 * @example
 * isAuthor({ provider: 'openai', model: 'gpt-5-2025-08-07' }, 'openai', 'gpt-5') // true
 */
export const isAuthor = (origin: Origin | undefined, provider: string, model: string): boolean =>
  origin === undefined ||
  (origin.provider === provider && origin.model.replace(RELEASE, '') === model.replace(RELEASE, ''))
