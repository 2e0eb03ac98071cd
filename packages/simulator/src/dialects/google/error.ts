import { statusOf } from '../../faults/status-error.ts'
import type { WireError } from '../../request-error.ts'

/** @see https://ai.google.dev/gemini-api/docs/troubleshooting (2026-11-20) */
export function googleErrorBody(error: WireError): unknown {
  // The vendor has neither 402 nor 529.
  const found = statusOf(error)
  const code = found === 529 ? 503 : found === 402 ? 429 : found
  const details = detailsOf(error, code)
  const status = names[code] ?? (code >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT')
  return { error: { code, message: wordsOf(error), status, ...(details.length > 0 ? { details } : {}) } }
}

const names: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function wordsOf({ code, message, param = '' }: WireError): string {
  const at = param.lastIndexOf('.')
  const place = at < 0 ? '' : ` at '${param.slice(0, at)}'`
  if (code === 'unknown_field') {
    return `Invalid JSON payload received. Unknown name "${param.slice(at + 1)}"${place}: Cannot find field.`
  }
  if (code === 'overloaded') return 'The model is overloaded. Please try again later.'
  return code === 'insufficient_quota'
    ? 'You exceeded your current quota, please check your plan and billing details.'
    : message
}

function detailsOf({ code, param, message, retryAfterSeconds }: WireError, status: number): object[] {
  const type = (name: string): object => ({ '@type': `type.googleapis.com/google.rpc.${name}` })
  const details: object[] = []
  if (code === 'API_KEY_INVALID') {
    details.push({ ...type('ErrorInfo'), reason: code, domain: 'googleapis.com' })
  }
  if (code === 'unknown_field' || code === 'wrong_type') {
    details.push({ ...type('BadRequest'), fieldViolations: [{ field: param, description: message }] })
  }
  if (status === 429) {
    const window = code === 'insufficient_quota' ? 'Day' : 'Minute'
    const quotaId = `GenerateRequestsPer${window}PerProjectPerModel-FreeTier`
    details.push({ ...type('QuotaFailure'), violations: [{ quotaId, quotaValue: '5' }] })
  }
  if (retryAfterSeconds !== undefined) details.push({ ...type('RetryInfo'), retryDelay: `${retryAfterSeconds}s` })
  return details
}
