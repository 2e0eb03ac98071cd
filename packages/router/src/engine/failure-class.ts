import type { ChatError, ErrorCode } from '@rivulet/core'

/** Errors that stand for no request: beside the error and not on it, because it is nobody else's business. */
const parked = new WeakSet<ChatError>()

/** Marks an error as one behind which no request went out. */
export function markSkipped(error: ChatError): ChatError {
  parked.add(error)
  return error
}

/** Whether a member was not asked at all: its circuit breaker is open. */
export const wasSkipped = (error: ChatError): boolean => parked.has(error)

const NEUTRAL: ReadonlySet<ErrorCode> = new Set([
  'bad-request',
  'content-filter',
  'context-length',
  'unsupported',
  'not-found',
])

/** Whether the endpoint has moved: a 'bad-request' by its code, because it was asked at the wrong place, not for the wrong thing. */
export const isRedirect = ({ code, status = 0 }: ChatError): boolean =>
  code === 'bad-request' && status >= 300 && status < 400

/** Whether a failure is the request's own: another request may do well. */
export function isRequestFault(error: ChatError): boolean {
  const { code, attempts } = error
  return (NEUTRAL.has(code) && !isRedirect(error)) || (code === 'exhausted' && attempts?.every(isRequestFault) === true)
}
