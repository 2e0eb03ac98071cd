/**
 * How long the endpoint asks to wait, in milliseconds: `retry-after-ms`, or `retry-after` in seconds or as an HTTP date
 * (RFC 9110, 10.2.3). A date is compared with the response's own `date`, so that a wrong local clock does not matter. A date in
 * the past gives 0, an unreadable value `undefined`. The caller decides which wait is too long.
 */
export function retryAfterMs(headers: Record<string, string>, nowMs: number = Date.now()): number | undefined {
  const milliseconds = numberOf(headers['retry-after-ms'])
  if (milliseconds !== undefined) return milliseconds
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const seconds = numberOf(value)
  if (seconds !== undefined) return seconds * 1000
  // Only a date has letters: Date.parse would read "-5" as a month.
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(date)) return undefined
  const sent = Date.parse(headers.date ?? '')
  return Math.max(0, date - (Number.isNaN(sent) ? nowMs : sent))
}

function numberOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined
}
