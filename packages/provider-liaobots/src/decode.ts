import { ChatError } from '@rivulet/core'
import { type DecodedEvent, type Decoder, isErrorBody, jsonOrText, readErrorBody } from '@rivulet/core/provider'
import { ErrorStart } from './error-start.ts'

/** How much of a body that may be an error document is held back. */
const MAX_HELD_CHARACTERS = 64 * 1024

/**
 * The body is the text of the answer, which ends where the body ends. A body that is a JSON document of an error is that error;
 * one that begins like it is held back until the difference shows.
 */
export function decode(emit: (event: DecodedEvent) => void): Decoder {
  const start = new ErrorStart()
  let isHeld = true
  const release = (): void => {
    if (isHeld && start.text !== '') emit({ type: 'text', text: start.text })
    isHeld = false
  }
  return {
    push(frame) {
      const text = frame.text()
      if (!isHeld) emit({ type: 'text', text })
      else if (!start.add(text) || start.text.length > MAX_HELD_CHARACTERS) release()
    },
    end() {
      const error = isHeld ? errorOf(start.text) : undefined
      if (error !== undefined) {
        isHeld = false
        throw error
      }
      release()
      emit({ type: 'finish', reason: 'stop' })
    },
    release,
  }
}

function errorOf(text: string): ChatError | undefined {
  const body = jsonOrText(text)
  if (!isErrorBody(body)) return undefined
  const { code, message } = readErrorBody(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`)
}
