import { isErrorBody, isRecord, type PieceOfText } from '@rivulet/core/provider'

export interface PieceOfLine extends PieceOfText {
  field: 'content' | 'thinking'
}

/**
 * The text of a line that is a piece of text and nothing else, as nearly every line of a stream:
 *
 *     {"model":"m","created_at":"2026-11-20T10:25:00.1Z","message":{"role":"assistant","content":"Hel"},"done":false}
 *     {"model":"m","created_at":"2026-11-20T10:25:00.23Z","message":{"role":"assistant","content":"lo"},"done":false}
 *
 * After the first line the time is not needed, so it is noise, and all such lines have one envelope.
 */
export function pieceOfText(line: unknown): PieceOfLine | undefined {
  if (!isRecord(line) || line.done === true || isErrorBody(line) || !isRecord(line.message)) return undefined
  const { content = '', thinking = '', tool_calls: calls } = line.message
  if (Array.isArray(calls) && calls.length > 0) return undefined
  const noise = typeof line.created_at === 'string' ? [line.created_at] : []
  // One of the two must be empty or absent; where both are, it is unknown which of them will have the text of the next line.
  if (typeof content === 'string' && content !== '' && thinking === '')
    return { field: 'content', text: content, noise }
  if (typeof thinking === 'string' && thinking !== '' && content === '') {
    return { field: 'thinking', text: thinking, noise }
  }
  return undefined
}
