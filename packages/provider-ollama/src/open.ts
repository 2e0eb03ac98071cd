import type { ChatRequest } from '@rivulet/core'
import { type Opened, unwrapTextCalls } from '@rivulet/core/provider'
import { decode } from './decode.ts'
import { encode } from './encode.ts'

/** A request, and the decoder of its answer. */
export const open = (request: ChatRequest): Opened => ({
  ...encode(request),
  decode: (emit) => decode(unwrapTextCalls(request.tools, emit)),
})
