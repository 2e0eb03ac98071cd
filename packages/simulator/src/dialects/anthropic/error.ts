import { statusOf } from '../../faults/status-error.ts'
import type { WireError } from '../../request-error.ts'

/** @see https://platform.claude.com/docs/en/api/errors (2026-11-20) */
export function anthropicErrorBody(error: WireError): unknown {
  return {
    type: 'error',
    error: { type: typeOf(statusOf(error)), message: wordsOf(error) },
    request_id: 'req_simulated',
  }
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

function typeOf(status: number): string {
  return types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
}

function wordsOf({ code, message, param = '' }: WireError): string {
  const where = param.replaceAll(/\[(\d+)\]/g, '.$1')
  if (code === 'unknown_field') return `${where}: Extra inputs are not permitted`
  if (code === 'missing_field') return `${where}: Field required`
  return code === 'overloaded' ? 'Overloaded' : message
}
