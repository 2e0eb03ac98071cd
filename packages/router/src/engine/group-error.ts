import { ChatError, type ChatResult } from '@rivulet/core'
import { CODES, withPartial } from '@rivulet/core/provider'

/**
 * What a group throws when no member answered: of a single attempt its own error, with its code and everything it says; of
 * several, `exhausted` with one line for each and what to do, readable in one screen. It has the earliest `retryAfterMs`, and
 * is `retryable` when an attempt was.
 */
export function groupError(id: string, attempts: readonly ChatError[], partial?: ChatResult): ChatError {
  const [only, ...others] = attempts
  if (only !== undefined && others.length === 0) return withPartial(only, partial)
  if (only === undefined) {
    return new ChatError('exhausted', `${id}: no time left to ask a member (totalMs).`, { provider: id, partial })
  }
  const lines = attempts.slice(0, MAX_LINES).map((error) => `  ${error.code.padEnd(14)} ${firstLine(error.message)}`)
  if (attempts.length > MAX_LINES) lines.push(`  and ${attempts.length - MAX_LINES} more`)
  const waits = attempts.map(({ retryAfterMs }) => retryAfterMs).filter((ms) => ms !== undefined)
  const retryAfterMs = waits.length === 0 ? undefined : Math.min(...waits)
  const message = `${id}: no member answered.\n${lines.join('\n')}\n${advice(attempts, retryAfterMs)}`
  return new ChatError('exhausted', message, { provider: id, attempts, retryAfterMs, partial })
}

/** What to do next, by the codes of the attempts: for each code once, with whom it concerns. */
function advice(attempts: readonly ChatError[], retryAfterMs: number | undefined): string {
  const lasting = attempts.filter(({ retryable }) => !retryable)
  const codes = [...new Set(lasting.map(({ code }) => code))]
  const sentences = codes.slice(0, MAX_ADVICE).map((code) => {
    const errors = lasting.filter((error) => error.code === code)
    const names = [...new Set(errors.map(({ provider }) => provider).filter((name) => name !== undefined))]
    return names.length === 0 ? CODES[code].help : `${namesOf(names)}: ${CODES[code].help}`
  })
  const canWait = attempts.some(({ retryable }) => retryable)
  if (retryAfterMs !== undefined && canWait) sentences.push(`Retry in ${Math.ceil(retryAfterMs / 1000)} s.`)
  else if (canWait) sentences.push('Retry in a moment.')
  return sentences.join(' ')
}

const namesOf = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`
    : names.join(', ')

const MAX_LINES = 20
const MAX_ADVICE = 4
const MAX_NAMES = 5

/** A nested group's own list stays in its `attempts`: here it is one line. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
