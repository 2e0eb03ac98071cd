/** The code of an error, as the reason of its `ErrorInfo`: the API's own words are too few for all of them. */

import type { ErrorCode } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'

/** Tells the reasons that a server of this package writes from those of the API. */
export const ERROR_DOMAIN = 'rivulet'

export const reasonOf = (code: ErrorCode): string => code.toUpperCase().replaceAll('-', '_')

export const codeOfReason = (reason: unknown): ErrorCode | undefined =>
  // The keys of CODES are the codes.
  (Object.keys(CODES) as ErrorCode[]).find((code) => reasonOf(code) === reason)
