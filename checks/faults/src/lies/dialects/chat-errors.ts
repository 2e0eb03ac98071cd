import { failingBy, type Slot, type Spelling } from '../oddities.ts'
import type { Frame } from '../script.ts'

const always = (): boolean => true

/** Reasons that say that the endpoint failed, by the kind that has them. */
const FAILING_REASONS: Readonly<Record<string, string>> = {
  'reason-network_error': 'network_error',
  'reason-abort': 'abort',
  'reason-error': 'error',
  'reason-insufficient_system_resource': 'insufficient_system_resource',
  'reason-malformed-call': 'MALFORMED_FUNCTION_CALL',
  // What Google's own endpoint of this dialect says.
  'reason-malformed-call-with-prefix': 'function_call_filter: MALFORMED_FUNCTION_CALL',
}

/** Spellings of an error in a chat-completions stream. */
export const ERROR_SLOTS: readonly Slot[] = [
  {
    always: failingBy('reported'),
    kinds: {
      'error-object': always,
      'error-words': always,
      'error-event': always,
      'error-event-flat': always,
      'error-event-words': always,
      'error-typed': always,
      'error-object-by-name': always,
      'error-beside-no-choices': always,
      'error-beside-null-choices': always,
      'error-flat': always,
      'error-detail': always,
      'error-code-in-words': always,
      'error-in-choice': always,
      'error-x-groq': always,
      // At the beginning it is the first line of a document, and lines of JSON end with LF.
      'error-bare-line': ({ failure }, has) => failure?.after !== 0 || !has('cr'),
    },
  },
  { kinds: { 'done-after-error': failingBy('reported') } },
  {
    always: failingBy('reason'),
    kinds: Object.fromEntries(Object.keys(FAILING_REASONS).map((kind) => [kind, always])),
  },
]

export function failingReason({ has }: Spelling): string {
  const kind = Object.keys(FAILING_REASONS).find(has)
  return (kind === undefined ? undefined : FAILING_REASONS[kind]) ?? 'error'
}

/** The frame that reports the failure. */
export function errorFrame({ meant: { failure }, has }: Spelling): Frame {
  if (failure === undefined) throw new TypeError('Nothing fails here.')
  const { message, type, code, status } = failure.report
  const chunk = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' }
  const error = { message, type, code, param: null }
  if (has('error-words')) return { json: { error: message } }
  if (has('error-event')) return { event: 'error', json: { error } }
  if (has('error-event-flat')) return { event: 'error', json: { message, code } }
  if (has('error-event-words')) return { event: 'error', raw: message }
  if (has('error-typed')) return { json: { type: 'error', error: { type, message } } }
  if (has('error-object-by-name')) return { json: { object: 'error', message, type, code: status, param: null } }
  if (has('error-beside-no-choices')) return { json: { ...chunk, choices: [], error: { code: status, message } } }
  if (has('error-beside-null-choices'))
    return { json: { ...chunk, choices: null, error_type: type, error_message: message } }
  if (has('error-flat')) return { json: { code: status, message } }
  if (has('error-detail')) return { json: { detail: message } }
  if (has('error-code-in-words')) return { json: { code: message, error: message } }
  if (has('error-in-choice')) {
    return { json: { ...chunk, choices: [{ index: 0, delta: {}, error, finish_reason: 'error' }] } }
  }
  if (has('error-x-groq')) return { json: { ...chunk, choices: [], x_groq: { error: message } } }
  if (has('error-bare-line')) return { bare: true, json: { error } }
  return { json: { error } }
}
