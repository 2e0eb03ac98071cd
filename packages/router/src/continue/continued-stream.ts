import { ChatError, type ChatEvent } from '@rivulet/core'
import { type BatchHooks, type Batches, mapBatches } from '@rivulet/core/provider'
import type { OverlapTrimmer } from './overlap-trimmer.ts'

/** The rest of an answer, from a member that continues it: without the part of the answer so far that it repeats. */
export function continuedStream(
  stream: AsyncIterable<ChatEvent>,
  trimmer: OverlapTrimmer,
  signal: AbortSignal | undefined,
): Batches {
  const joint = new Joint(trimmer)
  const batch: BatchHooks['batch'] = (events) => {
    for (const event of events) if (event.type === 'restart') refuse(event)
    if (joint.isOpen) return events.flatMap((event) => joint.trimmed(event))
    return events.some(isFrame) ? events.map((event) => (isFrame(event) ? mended(event) : event)) : events
  }
  return mapBatches(stream, { signal, batch })
}

/** A nested group restarts, but it was asked for the rest only: the reader would lose the beginning. */
function refuse({ reason, message, from }: Extract<ChatEvent, { type: 'restart' }>): never {
  throw new ChatError(reason, message, { provider: from })
}

type RawFrame = Extract<ChatEvent, { type: 'raw' }>

const isFrame = (event: ChatEvent): event is RawFrame => event.type === 'raw'

/** A frame of another answer can't be passed on as it is: its events are what belongs to this one. */
const mended = (frame: RawFrame): RawFrame => ({ ...frame, label: 'mended' })

/** Where the answer so far and its rest are joined. */
class Joint {
  #trimmer: OverlapTrimmer | undefined
  /** The text event that is held back until it is decided what of it is new. */
  #held: Extract<ChatEvent, { type: 'text' }> | undefined

  constructor(trimmer: OverlapTrimmer) {
    this.#trimmer = trimmer
  }

  /** Once it is decided where new text begins, nothing more is trimmed. */
  get isOpen(): boolean {
    return this.#trimmer !== undefined
  }

  trimmed(event: ChatEvent): readonly ChatEvent[] {
    if (this.#trimmer === undefined) return [event]
    if (event.type === 'text') {
      const text = this.#trimmer.add(event.text)
      this.#held = event
      if (text === undefined) return []
      this.#trimmer = undefined
      return text === '' ? [] : [{ ...event, text }]
    }
    if (isFrame(event)) return [mended(event)]
    if (event.type !== 'finish') return [event]
    const text = this.#trimmer.end()
    this.#trimmer = undefined
    return text === '' ? [event] : [{ ...this.#held, type: 'text', text }, event]
  }
}
