import type { ChatEvent, Dialect } from '../chat.ts'
import type { Decoder, Frame, Sink } from '../protocol.ts'

/**
 * Emits each frame as a `raw` event before the events that the decoder reads out of it. A frame that the decoder refuses is not
 * emitted, and nothing follows the finish event, whatever the endpoint sends after its end mark.
 *
 * @param events The events that wait for their reader; the decoder adds to them.
 */
export function withRawEvents(dialect: Dialect, decoder: Decoder, events: () => ChatEvent[]): Sink<Frame> {
  let isFinished = false
  return {
    push(frame) {
      if (isFinished) return
      const { event } = frame
      const data = frame.text()
      const couldEnd = decoder.mayEnd === true
      const pending = events()
      const place = pending.length
      decoder.push(frame)
      isFinished = pending.at(-1)?.type === 'finish'
      const ends = isFinished || (decoder.mayEnd === true && !couldEnd)
      const label = decoder.label ?? (ends ? 'end' : 'as-is')
      pending.splice(place, 0, { type: 'raw', dialect, label, ...(event !== undefined && { event }), data })
    },
    end() {
      decoder.end()
    },
  }
}
