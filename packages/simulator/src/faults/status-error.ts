import type { WireError } from '../request-error.ts'

/** The error for a status, before a dialect formats it. */
export function statusError(status: number): WireError {
  return { ...wordsOf(status), status }
}

/** The HTTP status that belongs to an error, even in the middle of a stream: by its code, else its own `status`. */
export function statusOf({ code, type, status }: WireError): number {
  return statusOfCode[code] ?? status ?? (type === 'server_error' ? 500 : 400)
}

const statusOfCode: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  insufficient_quota: 402,
  permission_denied: 403,
  not_found: 404,
  model_not_found: 404,
  timeout: 408,
  request_too_large: 413,
  rate_limit_exceeded: 429,
  overloaded: 529,
}

/** The wording of OpenAI-compatible endpoints. */
function wordsOf(status: number): WireError {
  switch (status) {
    case 401:
      return { message: 'Incorrect API key provided.', type: 'authentication_error', code: 'invalid_api_key' }
    case 402:
      return { message: 'Insufficient balance.', type: 'insufficient_quota', code: 'insufficient_quota' }
    case 403:
      return { message: 'Access denied.', type: 'permission_error', code: 'permission_denied' }
    case 404:
      return { message: 'Not found.', type: 'invalid_request_error', code: 'not_found' }
    case 408:
      return { message: 'The request timed out.', type: 'timeout', code: 'timeout' }
    case 413:
      return { message: 'The request is too large.', type: 'invalid_request_error', code: 'request_too_large' }
    case 429:
      return { message: 'Rate limit reached. Please slow down.', type: 'requests', code: 'rate_limit_exceeded' }
    case 529:
      return { message: 'Overloaded.', type: 'overloaded_error', code: 'overloaded' }
    default:
      return status < 500
        ? { message: 'The request is not valid.', type: 'invalid_request_error', code: 'bad_request' }
        : { message: 'The server had an error.', type: 'server_error', code: 'server_error' }
  }
}
