import { ChatError, type ChatEvent } from '@rivulet/core'
import type { AnswerWriter } from '@rivulet/core/provider'
import { DeltaWriter } from './delta-writer.ts'
import { writeError } from './errors.ts'
import { asEvent, PassedFrames } from './passed-frames.ts'
import { type AnswerOptions, WireAnswer } from './wire-answer.ts'

/** Writes an answer as an event stream, out of its events or of the frames of an endpoint of this dialect. */
export class StreamWriter implements AnswerWriter {
  readonly contentType = 'text/event-stream'
  readonly #answer: WireAnswer
  readonly #frames: PassedFrames
  readonly #deltas = new DeltaWriter()

  constructor(options: AnswerOptions) {
    this.#answer = new WireAnswer(options)
    this.#frames = new PassedFrames(this.#answer, options)
  }

  write(events: readonly ChatEvent[]): string {
    let out = ''
    for (const event of events) out += this.#write(event)
    return out
  }

  /** The vendor's own, which clients take before the message has started too. */
  ping(): string {
    return asEvent('ping', '{"type":"ping"}')
  }

  fail(error: unknown): string {
    return asEvent('error', JSON.stringify(writeError(error).body))
  }

  #write(event: ChatEvent): string {
    switch (event.type) {
      case 'raw':
        return this.#frames.pass(event)
      case 'restart':
        if (this.#answer.hasContent) throw restarted(event)
        this.#frames.restart()
        return ''
      case 'resume':
        this.#frames.end()
        return ''
    }
    const passed = this.#frames.take(event)
    if (passed !== undefined) return passed
    const delta = this.#answer.takeDelta(event)
    if (delta !== undefined) return this.#deltas.write(delta)
    return this.#answer
      .messagesOf(event)
      .map((message) => asEvent(message.type, JSON.stringify(message)))
      .join('')
  }
}

/** What was sent can't be taken back. */
function restarted({ from, reason, message }: Extract<ChatEvent, { type: 'restart' }>): ChatError {
  const words = `${from} failed (${message}) and the answer restarts, but part of it was already sent`
  return new ChatError(reason, words, { provider: from })
}
