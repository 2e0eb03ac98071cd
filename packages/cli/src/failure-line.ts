import { ChatError } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'
import { lineOf } from './terminal.ts'

/** An endpoint's words may be long. */
const MAX_LENGTH = 300

/** A failure on one line: what failed, then what to do. */
export function failureLine(error: unknown): string {
  const line = lineOf(error)
  // A group's message ends with the advice that its attempts call for.
  if (!(error instanceof ChatError) || error.code === 'exhausted') return line
  const words = line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line.replace(/[.\s]*$/, '.')
  const { help } = CODES[error.code]
  return words.includes(help) ? words : `${words} ${help}`
}
