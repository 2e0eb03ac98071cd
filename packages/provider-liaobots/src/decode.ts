import { ChatError } from '@rivulet/core'
import { type DecodedEvent, type Frame, isErrorBody, readErrorBody, type Sink } from '@rivulet/core/provider'

/** How many bytes of a body that begins like an error document are held back. */
const MAX_HELD_CHARACTERS = 64 * 1024
const ERROR_START = '{"error"'

/**
 * The body is the text of the answer, which ends where the body ends. A body that is a JSON document with an `error` is an
 * error; a body that begins like one is held back until that is clear.
 */
export function decode(emit: (event: DecodedEvent) => void): Sink<Frame> {
  let held: string | undefined = ''
  const release = (): void => {
    if (held !== undefined && held !== '') emit({ type: 'text', text: held })
    held = undefined
  }
  return {
    push(frame) {
      const text = frame.text()
      if (held === undefined) {
        emit({ type: 'text', text })
        return
      }
      held += text
      if (!mayBeError(held) || held.length > MAX_HELD_CHARACTERS) release()
    },
    end() {
      if (held !== undefined) {
        const error = errorOf(held)
        if (error !== undefined) throw error
        release()
      }
      emit({ type: 'finish', reason: 'stop' })
    },
  }
}

function mayBeError(text: string): boolean {
  const dense = text.slice(0, 200).replaceAll(/\s/g, '')
  return dense.length < ERROR_START.length ? ERROR_START.startsWith(dense) : dense.startsWith(ERROR_START)
}

function errorOf(text: string): ChatError | undefined {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isErrorBody(body)) return undefined
  const { code, message } = readErrorBody(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`)
}
