/** Replaces the secrets in a text by `***`, in every encoding in which an endpoint may echo them. */
export function redact(text: string, secrets: readonly string[]): string {
  return encodingsOfAll(secrets).reduce((redacted, encoding) => redacted.replaceAll(encoding, '***'), text)
}

/** As {@link redact}, for a text that was cut off: also replaces the beginning of a secret at the end of the text. */
export function redactCut(text: string, secrets: readonly string[]): string {
  const redacted = redact(text, secrets)
  for (const encoding of secrets.flatMap(encodingsOf)) {
    // Fewer than four characters reveal little, and match the end of many texts by chance.
    for (let length = encoding.length - 1; length >= 4; length--) {
      if (redacted.endsWith(encoding.slice(0, length))) return `${redacted.slice(0, -length)}***`
    }
  }
  return redacted
}

/** The encodings of all secrets, the longest first, because one secret may contain another. */
export const encodingsOfAll = (secrets: readonly string[]): string[] =>
  secrets.flatMap(encodingsOf).sort((a, b) => b.length - a.length)

/** A secret as plain text, as in a URI, as in a query (which escapes more), as in JSON, and as in JSON that escapes slashes. */
function encodingsOf(secret: string): string[] {
  const trimmed = secret.trim()
  if (trimmed === '') return []
  // HTTP drops white space around a header's value, and hosts and codings are written in lower case.
  return [...new Set([secret, trimmed, trimmed.toLowerCase()].flatMap(encodingsOfOne))]
}

function encodingsOfOne(secret: string): string[] {
  const inQuery = new URLSearchParams([['', secret]]).toString().slice(1)
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    inQuery,
    inQuery.replaceAll('+', '%20'),
    inJson,
    inJson.replaceAll('/', '\\/'),
  ]
}

/**
 * The cause of a failure without the secrets: some transports put the URL, and with it a key, into their errors. A cause that
 * has none is left as it is.
 */
export function redactedCause(cause: unknown, secrets: readonly string[], depth = 0): unknown {
  if (!(cause instanceof Error) || depth > 4) return typeof cause === 'string' ? redact(cause, secrets) : cause
  const inner = redactedCause(cause.cause, secrets, depth + 1)
  const message = redact(cause.message, secrets)
  const stack = redact(cause.stack ?? '', secrets)
  if (inner === cause.cause && message === cause.message && stack === (cause.stack ?? '')) return cause
  const redacted = new Error(message, inner === undefined ? undefined : { cause: inner })
  redacted.name = cause.name
  redacted.stack = stack
  return 'code' in cause ? Object.assign(redacted, { code: cause.code }) : redacted
}
