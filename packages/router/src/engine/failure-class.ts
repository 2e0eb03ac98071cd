import type { CallOptions, ChatError } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'

/** Errors of members that were skipped. Beside the error and not on it: only groups need to know. */
const skipped = new WeakSet<ChatError>()

/** Marks an error for which no request went out. */
export function markSkipped(error: ChatError): ChatError {
  skipped.add(error)
  return error
}

/** Whether no request went out: the member's circuit breaker is open. */
export const wasSkipped = (error: ChatError): boolean => skipped.has(error)

/** Whether the endpoint has moved: 'bad-request' by its code, but the address was wrong and not the request. */
const isRedirect = ({ code, status = 0 }: ChatError): boolean => code === 'bad-request' && status >= 300 && status < 400

/** Whether a failure is the request's own: another request may succeed. */
export function isRequestFault(error: ChatError): boolean {
  const { code, attempts } = error
  if (code === 'exhausted') return attempts?.every(isRequestFault) === true
  return CODES[code].fault === 'request' && !isRedirect(error)
}

/** Whether the account is refused or used up: waiting does not help, only its owner does. */
export const isAccountFault = ({ code }: ChatError): boolean => CODES[code].fault === 'account'

/** Whether a call has brought a credential for this provider. */
export const hasOwnCredential = (call: CallOptions | undefined, provider: string): boolean =>
  call?.credentials !== undefined && Object.hasOwn(call.credentials, provider)

/** Whether a failure is about the account of a credential that the call has brought: it says nothing about the member. */
export function isOfCaller(error: ChatError, call: CallOptions | undefined): boolean {
  const { code, provider = '', attempts = [] } = error
  if (attempts.length > 0) return attempts.every((attempt) => isOfCaller(attempt, call))
  return hasOwnCredential(call, provider) && (isAccountFault(error) || code === 'rate-limited')
}

/** Whether a member was skipped because its account was refused a while ago: it may be right again. */
export const isResting = (error: ChatError): boolean => wasSkipped(error) && isAccountFault(error)

/** Whether the next member is asked after a failure, where the caller does not decide it. */
export const failsOver = (error: ChatError): boolean => CODES[error.code].failover || isRedirect(error)
