import { ChatError } from '@rivulet/core'
import { type DecodedEvent, type Frame, isErrorBody, isRecord, readErrorBody, type Sink } from '@rivulet/core/provider'

/** TODO: the answers of __Name__; here `{ "text": "…" }` for each piece, and `{ "done": true }` as the end mark. */
export function decode(emit: (event: DecodedEvent) => void): Sink<Frame> {
  let messages = 0
  let skipped = 0
  return {
    push(frame) {
      const text = frame.text().trim()
      // Heartbeats: empty data, and the comments that some proxies send as data.
      if (text === '' || text.startsWith(':')) return
      const message = parsed(text)
      if (isErrorBody(message) || frame.event === 'error') {
        const { code, message: words } = readErrorBody(undefined, message)
        throw new ChatError(code, `the endpoint reports: ${words}`)
      }
      if (!isRecord(message)) {
        // As the first message, it is no answer at all; a later one is skipped and counted.
        if (messages === 0) throw new ChatError('malformed', 'the answer does not begin with a JSON object')
        skipped++
        return
      }
      messages++
      if (typeof message.text === 'string' && message.text !== '') emit({ type: 'text', text: message.text })
      if (message.done === true) emit({ type: 'finish', reason: 'stop', ...(skipped > 0 && { skipped }) })
    },
    end() {
      throw messages === 0
        ? new ChatError('malformed', 'the answer has no message of this dialect')
        : new ChatError('truncated', 'the answer broke off before its end mark')
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
