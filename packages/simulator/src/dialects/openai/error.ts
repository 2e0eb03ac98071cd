import { statusOf } from '../../faults/status-error.ts'
import type { WireError } from '../../request-error.ts'

/** @see https://platform.openai.com/docs/guides/error-codes (2026-11-20) */
export function openaiErrorBody(error: WireError): unknown {
  const { param = null } = error
  switch (error.code) {
    case 'unknown_field':
      return body(`Unknown parameter: '${param ?? ''}'.`, 'invalid_request_error', 'unknown_parameter', param)
    case 'missing_field':
      return body(
        `Missing required parameter: '${param ?? ''}'.`,
        'invalid_request_error',
        'missing_required_parameter',
        param,
      )
    case 'missing_credential':
      return body(error.message, 'invalid_request_error', null, null)
    case 'invalid_api_key':
      return body(error.message, 'invalid_request_error', error.code, null)
    case 'insufficient_quota': {
      const words = 'You exceeded your current quota, please check your plan and billing details.'
      return body(words, 'insufficient_quota', error.code, null)
    }
    case 'overloaded':
      return body(error.message, 'server_error', null, null)
    default:
      return body(error.message, statusOf(error) >= 500 ? 'server_error' : error.type, error.code, param)
  }
}

const body = (message: string, type: string, code: string | null, param: string | null): unknown => ({
  error: { message, type, param, code },
})
