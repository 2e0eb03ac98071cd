import { ChatError } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'

/** An error response of the API, in the format that `toResponse()` gives to a provider's error. */
export function errorResponse(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json({ error: { code, message } }, { status, headers: { 'cache-control': 'no-store', ...headers } })
}

/** The response to a failure that has a code. Throws any other error: a bug says nothing to a stranger. */
export function failureResponse(error: unknown): Response {
  if (!(error instanceof ChatError)) throw error
  return errorResponse(CODES[error.code].httpStatus, error.code, error.message)
}
