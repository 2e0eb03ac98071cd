import { ChatError, type ChatResult } from '@rivulet/core'

/**
 * What a group throws when nobody is left to ask: one line for each attempt, readable in one screen. It has no
 * `retryAfterMs` of its own: all who wait would come back in one moment, to the first member that is well again.
 */
export function exhausted(id: string, attempts: ChatError[], partial: ChatResult | undefined): ChatError {
  const lines = attempts.slice(0, MAX_LINES).map((error) => `  ${error.code.padEnd(14)} ${firstLine(error.message)}`)
  if (attempts.length > MAX_LINES) lines.push(`  and ${attempts.length - MAX_LINES} more`)
  const message =
    attempts.length === 0
      ? `${id}: no time was left to ask a member (totalMs).`
      : `${id}: no member answered.\n${lines.join('\n')}`
  return new ChatError('exhausted', message, { provider: id, attempts, partial })
}

const MAX_LINES = 20

/** A nested group's own list stays in its `attempts`: here it is one line. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
