import { type FaultDefinition, fault } from '../fault.ts'
import type { RetryAfterForm } from '../fault-options.ts'
import { statusError } from './status-error.ts'

/** The header in each form; `value` is the number in it, if it has one. */
const headersOf: Readonly<Record<RetryAfterForm, (value: number | undefined) => Readonly<Record<string, string>>>> = {
  seconds: (value = 1) => ({ 'retry-after': String(value) }),
  'ms-header': (value = 250) => ({ 'retry-after-ms': String(value) }),
  date: (value = 2) => ({ 'retry-after': new Date(Date.now() + value * 1000).toUTCString() }),
  'past-date': () => ({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
  absurd: (value = 1_000_000_000) => ({ 'retry-after': String(value) }),
  unreadable: () => ({ 'retry-after': 'in a while' }),
  none: () => ({}),
}

/** Faults of an endpoint that asks its client to wait. */
export const retryAfter = {
  'retry-after': fault({
    summary: 'answers 429 and says when to retry; `value` in seconds, or milliseconds for ms-header',
    breaks: true,
    options: {
      status: 429,
      form: ['seconds', 'ms-header', 'date', 'past-date', 'absurd', 'unreadable', 'none'],
      value: null,
    },
    apply({ wire, dialect }, { status, form, value }) {
      const headers: Record<string, string> = { 'content-type': 'application/json', ...headersOf[form](value) }
      const seconds = Number(headers['retry-after'])
      const error = { ...statusError(status), ...(seconds > 0 ? { retryAfterSeconds: seconds } : {}) }
      return wire.send(status, headers, JSON.stringify(dialect.errorBody(error)))
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
