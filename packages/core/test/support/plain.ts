import { readErrorBody } from '../../src/dialect/error-body.ts'
import { isErrorBody } from '../../src/dialect/is-error-body.ts'
import { ChatError } from '../../src/errors.ts'
import { detectFraming } from '../../src/framing/detect.ts'
import type { DecodedEvent, Opened, Protocol } from '../../src/protocol.ts'

/** Reads the plain dialect: every frame is an event as JSON, and `END` is the end mark. */
export const decodePlain: Opened['decode'] = (emit) => ({
  push(frame) {
    const data = frame.text()
    if (data === 'END') {
      emit({ type: 'finish', reason: 'stop' })
      return
    }
    let event: unknown
    try {
      event = JSON.parse(data)
    } catch (cause) {
      throw new ChatError('malformed', 'a frame is not JSON', { cause })
    }
    if (isErrorBody(event)) {
      const { code, message } = readErrorBody(undefined, event)
      throw new ChatError(code, message)
    }
    emit(event as DecodedEvent)
  },
  end() {
    throw new ChatError('truncated', 'the body ended before END')
  },
})

/** The plain dialect with another decoder. */
export const plainWith = (decode: Opened['decode']): Protocol => ({
  dialect: 'plain',
  open: (request) => ({ http: { path: '/chat', body: request }, decode }),
  framing: (contentType) => detectFraming(contentType),
})

/** A minimal dialect, for tests of the code around a dialect. */
export const plain = plainWith(decodePlain)

export const frame = (data: string): string => `data: ${data}\n\n`
export const text = (content: string): string => frame(JSON.stringify({ type: 'text', text: content }))
export const END = frame('END')
