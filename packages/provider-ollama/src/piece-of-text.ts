import { isErrorBody, isRecord, type PieceOfText } from '@rivulet/core/provider'

export interface PieceOfLine extends PieceOfText {
  field: 'content' | 'thinking'
}

/**
 * What a line says that is a piece of text and nothing else, which is nearly every line of a stream:
 *
 *     {"model":"m","created_at":"2026-11-20T10:25:00.1Z","message":{"role":"assistant","content":"Hel"},"done":false}
 *     {"model":"m","created_at":"2026-11-20T10:25:00.23Z","message":{"role":"assistant","content":"lo"},"done":false}
 *
 * Nobody asks for the time once the answer has begun, so that it is noise, and the envelope of such lines is one.
 */
export function pieceOfText(line: unknown): PieceOfLine | undefined {
  if (!isRecord(line) || line.done === true || isErrorBody(line) || !isRecord(line.message)) return undefined
  const { content = '', thinking = '', tool_calls: calls } = line.message
  if (Array.isArray(calls) && calls.length > 0) return undefined
  const noise = typeof line.created_at === 'string' ? [line.created_at] : []
  // One of the two is empty or not there; where both are, nothing tells which of them the text of the next will be in.
  if (typeof content === 'string' && content !== '' && thinking === '')
    return { field: 'content', text: content, noise }
  if (typeof thinking === 'string' && thinking !== '' && content === '') {
    return { field: 'thinking', text: thinking, noise }
  }
  return undefined
}
