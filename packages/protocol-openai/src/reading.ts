import { detect } from '@rivulet/core'
import { decode } from './decode.ts'
import { readError } from './error.ts'
import type { Reading } from './halves.ts'
import type { ChatQuirks } from './quirks.ts'

/** The half of chat completions that reads. */
export const reading = (quirks: ChatQuirks): Reading => ({
  framing: (contentType) => detect(contentType),
  decode: (emit) => decode(emit, quirks),
  decodeError: (status, body) => readError(status, body, quirks.errors),
})
