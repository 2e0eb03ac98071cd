import type { ChatEvent, Dialect } from '../chat.ts'
import { isContent } from '../reading/is-content.ts'

type RawFrame = Extract<ChatEvent, { type: 'raw' }>

export interface FrameWriterOptions {
  dialect: Dialect
  /** Writes an event. It is called with every event, so that its state is right at any time, also for those of passed frames. */
  event: (event: ChatEvent) => string
  /** Writes a frame as it came. */
  frame: (frame: RawFrame) => string
  /** Whether a frame is the end of the answer to a client, as `[DONE]` is. A dialect without an end mark: any frame. */
  closes: (frame: RawFrame) => boolean
  /** The client wants usage that comes in frames of its own. */
  wantsUsage: boolean
}

/** A frame that waits for the end of the answer. */
interface HeldFrame {
  frame: RawFrame
  /** Its events, written. */
  events: string
}

/**
 * Writes an answer to a client: the frames of an endpoint of the same dialect as they came, and anything else by its events.
 * What would end the answer waits for its `finish`: a client must not take an answer for whole that breaks after all.
 *
 * @example
 * const writer = new FrameWriter({
 *   dialect: 'openai-chat',
 *   event: (event) => (event.type === 'text' ? `data: ${JSON.stringify(event)}\n\n` : ''),
 *   frame: ({ data }) => `data: ${data}\n\n`,
 *   closes: ({ data }) => data === '[DONE]',
 *   wantsUsage: false,
 * })
 * writer.write(events)
 */
export class FrameWriter {
  readonly #options: FrameWriterOptions
  /** The frame whose events come now; `undefined` for events without one. */
  #frame: RawFrame | undefined
  /** Frames from the first one that ends the answer. */
  #held: HeldFrame[] = []

  constructor(options: FrameWriterOptions) {
    this.#options = options
  }

  write(events: readonly ChatEvent[]): string {
    let written = ''
    for (const event of events) written += event.type === 'raw' ? this.#read(event) : this.#write(event)
    return written
  }

  /** The events of the frames that wait: the answer has failed, and its reader gets what had come. */
  release(): string {
    const written = this.#held.map(({ events }) => events).join('')
    this.#held = []
    this.#frame = undefined
    return written
  }

  #read(frame: RawFrame): string {
    if (frame.dialect !== this.#options.dialect) {
      this.#frame = undefined
      return ''
    }
    this.#frame = frame
    if (frame.label === 'end' || this.#held.length > 0) {
      this.#held.push({ frame, events: '' })
      return ''
    }
    return this.#passed(frame)
  }

  #passed(frame: RawFrame): string {
    const { label } = frame
    return label === 'as-is' || (label === 'usage' && this.#options.wantsUsage) ? this.#options.frame(frame) : ''
  }

  #write(event: ChatEvent): string {
    const written = this.#options.event(event)
    if (event.type === 'finish') return this.#end(written)
    // Another member goes on, or begins again: what it sends is not of this frame.
    if (event.type === 'resume' || event.type === 'restart') this.#frame = undefined
    const frame = this.#frame
    if (frame === undefined) return this.release() + written
    const held = this.#held.at(-1)
    if (held === undefined) return frame.label === 'mended' ? written : ''
    held.events += written
    const isLater = frame !== this.#held[0]?.frame
    return isLater && (isContent(event) || event.type === 'tool-input') ? this.#goOn(held) : ''
  }

  /** Content came after all: the frames before it did not end the answer. */
  #goOn({ frame, events }: HeldFrame): string {
    this.#held.pop()
    // Usage that came between them is not said again at the end.
    const before = this.#held.map((each) => (each.frame.label === 'end' ? each.events : this.#ending(each))).join('')
    this.#held = []
    this.#frame = frame
    if (frame.label !== 'end') return before + (frame.label === 'mended' ? events : this.#passed(frame))
    this.#held.push({ frame, events })
    return before
  }

  #end(finish: string): string {
    const held = this.#held
    const last = held.at(-1)?.frame
    if (last === undefined || last.label === 'mended' || !this.#options.closes(last)) return this.release() + finish
    this.#held = []
    return held.map((each) => this.#ending(each)).join('')
  }

  #ending({ frame, events }: HeldFrame): string {
    if (frame.label === 'mended') return events
    return frame.label === 'end' ? this.#options.frame(frame) : this.#passed(frame)
  }
}
