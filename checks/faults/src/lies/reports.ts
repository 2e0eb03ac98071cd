import type { ErrorCode } from '@rivulet/core'

/** A failure that an endpoint reports, in machine names and in words that mean the same. */
export interface Report {
  /** What it may be read as. */
  codes: readonly ErrorCode[]
  type: string
  code: string
  /** HTTP status that the endpoint would have given. */
  status: number
  message: string
  /** Google's name of it. */
  google: string
}

/** Words as vendors' pages and public reports have them. */
export const REPORTS: readonly Report[] = [
  {
    codes: ['rate-limited'],
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    status: 429,
    message: 'Rate limit reached for requests per minute',
    google: 'RESOURCE_EXHAUSTED',
  },
  {
    codes: ['overloaded'],
    type: 'overloaded_error',
    code: 'server_error',
    status: 503,
    message: 'The model is overloaded. Please try again later.',
    google: 'UNAVAILABLE',
  },
  {
    codes: ['overloaded'],
    type: 'api_error',
    code: 'internal_error',
    status: 500,
    message: 'Internal server error',
    google: 'INTERNAL',
  },
  {
    codes: ['auth'],
    type: 'authentication_error',
    code: 'invalid_api_key',
    status: 401,
    message: 'Incorrect API key provided',
    google: 'UNAUTHENTICATED',
  },
  {
    codes: ['context-length'],
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    status: 400,
    message: "This model's maximum context length is 8192 tokens",
    google: 'INVALID_ARGUMENT',
  },
  {
    codes: ['quota'],
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    status: 402,
    message: 'You exceeded your current quota, please check your plan and billing details',
    google: 'FAILED_PRECONDITION',
  },
]
