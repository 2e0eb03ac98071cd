import { detect } from '@rivulet/core'
import { readError } from '../error.ts'
import type { Reading } from '../halves.ts'
import { decode } from './decode.ts'
import type { ResponsesOptions } from './options.ts'

/** The half of Responses that reads. */
export const reading = ({ errors }: ResponsesOptions): Reading => ({
  framing: (contentType) => detect(contentType),
  decode: (emit) => decode(emit, errors),
  decodeError: (status, body) => readError(status, body, errors),
})
