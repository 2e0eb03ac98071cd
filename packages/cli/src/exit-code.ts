import type { ChatError, ErrorCode, FinishReason } from '@rivulet/core'

/** What the command ends with. 130 and 143 are those of SIGINT and SIGTERM. */
export const EXIT = { ok: 0, provider: 1, usage: 2, auth: 3, limit: 4, timeout: 5, truncated: 6, filtered: 7 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

const BY_CODE: Readonly<Record<ErrorCode, ExitCode>> = {
  auth: EXIT.auth,
  quota: EXIT.limit,
  'rate-limited': EXIT.limit,
  timeout: EXIT.timeout,
  truncated: EXIT.truncated,
  'content-filter': EXIT.filtered,
  // What was asked can't be answered by asking again.
  'bad-request': EXIT.usage,
  'context-length': EXIT.usage,
  'not-found': EXIT.usage,
  unsupported: EXIT.usage,
  overloaded: EXIT.provider,
  network: EXIT.provider,
  malformed: EXIT.provider,
  exhausted: EXIT.provider,
}

/** The exit code of a failure. A group that gave up has the code that all of its attempts have, if they agree. */
export function exitCodeOf({ code, attempts = [] }: Pick<ChatError, 'code' | 'attempts'>): ExitCode {
  const [first, ...others] = new Set(attempts.map(exitCodeOf))
  return first !== undefined && others.length === 0 ? first : BY_CODE[code]
}

/** The exit code of an answer that has ended. */
export function exitCodeOfEnd(reason: FinishReason | undefined): ExitCode {
  if (reason === 'length') return EXIT.truncated
  return reason === 'content-filter' ? EXIT.filtered : EXIT.ok
}
