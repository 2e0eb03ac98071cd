import { ChatError, type ChatResult } from '@rivulet/core'
import { withPartial } from '@rivulet/core/provider'

/**
 * What a group throws when no member answered: of a single attempt its own error, with its code and everything it says; of
 * several, `exhausted` with one line for each, readable in one screen. `exhausted` has no `retryAfterMs`: all callers would
 * come back in one moment, to the first member that has recovered.
 */
export function groupError(id: string, attempts: readonly ChatError[], partial?: ChatResult): ChatError {
  const [only, ...others] = attempts
  if (only !== undefined && others.length === 0) return withPartial(only, partial)
  const lines = attempts.slice(0, MAX_LINES).map((error) => `  ${error.code.padEnd(14)} ${firstLine(error.message)}`)
  if (attempts.length > MAX_LINES) lines.push(`  and ${attempts.length - MAX_LINES} more`)
  const message =
    only === undefined
      ? `${id}: no time left to ask a member (totalMs).`
      : `${id}: no member answered.\n${lines.join('\n')}`
  return new ChatError('exhausted', message, { provider: id, attempts, partial })
}

const MAX_LINES = 20

/** A nested group's own list stays in its `attempts`: here it is one line. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
