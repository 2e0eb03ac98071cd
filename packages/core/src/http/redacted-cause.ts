import { isRecord } from '../check/is-record.ts'
import { redact } from './redact.ts'

/** How many values of a cause are looked at. One with more may hide a secret. */
const MAX_VALUES = 500
/** How many causes of a cause are kept, where one of them has a secret. */
const MAX_DEPTH = 4

/**
 * The cause of a failure without the secrets: some transports put the URL, and with it a key, into their errors. A cause that
 * has none is left as it is. Of another, its message, stack, name, code and causes are kept, without the secrets.
 */
export function redactedCause(cause: unknown, secrets: readonly string[]): unknown {
  if (secrets.length === 0 || !mayHold(cause, secrets)) return cause
  return withoutSecrets(cause, secrets, 0)
}

function withoutSecrets(value: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof value === 'string') return redact(value, secrets)
  if (!isRecord(value) || depth > MAX_DEPTH) return undefined
  const text = (name: string): string | undefined => {
    const field: unknown = fieldOf(value, name)
    return typeof field === 'string' ? redact(field, secrets) : undefined
  }
  const cause = withoutSecrets(fieldOf(value, 'cause'), secrets, depth + 1)
  const error = new Error(text('message') ?? '', cause === undefined ? undefined : { cause })
  error.name = text('name') ?? 'Error'
  error.stack = text('stack') ?? `${error.name}: ${error.message}`
  const code = text('code')
  return code === undefined ? error : Object.assign(error, { code })
}

/** Whether a secret is in a value or in what belongs to it, or may be, because there is too much to look at. */
function mayHold(cause: unknown, secrets: readonly string[]): boolean {
  const seen = new Set<object>()
  const waiting: unknown[] = [cause]
  for (let looked = 0; waiting.length > 0; looked++) {
    if (looked === MAX_VALUES) return true
    const value = waiting.pop()
    if (typeof value === 'string' && redact(value, secrets) !== value) return true
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    try {
      if (value instanceof Map || value instanceof Set) waiting.push([...value.values()].slice(0, MAX_VALUES))
      if (value instanceof URL) waiting.push(value.href)
      // The message of a DOMException is a getter of its class.
      if (value instanceof Error) waiting.push(value.message, value.name)
      for (const name of Reflect.ownKeys(value).slice(0, MAX_VALUES)) waiting.push(fieldOf(value, name))
    } catch {
      // A value that refuses to be looked at shows nothing either.
    }
  }
  return false
}

function fieldOf(value: object, name: PropertyKey): unknown {
  try {
    return Reflect.get(value, name)
  } catch {
    return undefined
  }
}
