import { ChatError } from '@rivulet/core'
import { type DecodedEvent, type Decoder, isErrorBody, isErrorEvent, JsonFrames } from '@rivulet/core/provider'
import { jsonOrText, readErrorBody } from '@rivulet/core/provider'

/** TODO: the answers of __Name__; here `{ "text": "…" }` for each piece, and `{ "done": true }` as the end mark. */
export function decode(emit: (event: DecodedEvent) => void): Decoder {
  const frames = new JsonFrames()
  return {
    push(frame) {
      if (isErrorEvent(frame)) throw reported(jsonOrText(frame.text()))
      const message = frames.parse(frame.text())
      if (message === undefined || Array.isArray(message)) return
      if (isErrorBody(message)) throw reported(message)
      if (typeof message.text === 'string' && message.text !== '') emit({ type: 'text', text: message.text })
      if (message.done === true) {
        emit({ type: 'finish', reason: 'stop', ...(frames.skipped > 0 && { skipped: frames.skipped }) })
      }
    },
    end() {
      throw frames.isEmpty
        ? new ChatError('malformed', 'the answer has no message of this dialect')
        : new ChatError('truncated', 'the answer broke off before its end mark')
    },
  }
}

function reported(body: unknown): ChatError {
  const { code, message } = readErrorBody(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`)
}
