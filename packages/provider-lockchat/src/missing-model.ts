import { type ChatEvent, ChatError, type Layer } from '@rivulet/core'
import {
  boundedJson,
  type Decoder,
  trustedStream,
  type Framing,
  mapBatches,
  type Protocol,
  type Sink,
  wrap,
} from '@rivulet/core/provider'

/**
 * Lockchat's known fault: it sometimes denies a model that it has, in these words, with status 200 or another, as an error
 * document, as an event, as the text of an answer or as bare text. On a retry it has the model. Last seen in 2023.
 */
const WORDS = /The model: `[^`]*` does not exist/
/** In any script: an answer that goes on in words is not the fault. */
const WHOLE_ANSWER = /^The model: `[^`]*` does not exist[^\p{L}\p{N}]*$/u
const START = 'The model: `'
/** Longer than these words with the name of any model. */
const MAX_HELD_CHARACTERS = 200
/** Much more than these words, also among other fields. */
const MAX_ERROR_CHARACTERS = 65_536
const LETTER_T = 84

/** Whether an error is this fault, and not another `not-found`. */
export const isMissingModel = (error: ChatError): boolean => error.code === 'not-found' && WORDS.test(error.message)

/** The dialect with the fault as an error, where it is not the text of an answer. */
export function refusingMissingModel(protocol: Protocol): Protocol {
  return {
    ...protocol,
    framing: (contentType) => refusingBareText(protocol.framing(contentType)),
    open(request) {
      const opened = protocol.open(request)
      return { ...opened, decode: (emit) => refusingFrames(opened.decode(emit)) }
    },
    decodeError(_status, body) {
      const words = WORDS.exec(typeof body === 'string' ? body : boundedJson(body, MAX_ERROR_CHARACTERS))
      return words === null ? {} : { code: 'not-found', message: words[0] }
    },
  }
}

function refusingFrames(decoder: Decoder): Decoder {
  return {
    get mayEnd() {
      return decoder.mayEnd
    },
    get label() {
      return decoder.label
    },
    push(frame) {
      if (frame.buffer[frame.start] === LETTER_T) refuse(frame.text())
      decoder.push(frame)
    },
    end() {
      decoder.end()
    },
    release() {
      decoder.release?.()
    },
  }
}

/**
 * The fault as an error where it is the text of an answer. A layer and not a part of the dialect: an answer that fails while
 * its text is held back has that text in its `partial`.
 */
export const refusingMissingModelAsText: Layer = (next) =>
  wrap(next, {
    stream(request, call) {
      const inner = next.stream(request, call)
      return trustedStream(call?.signal, () => {
        const start = new HeldStart(next.id)
        return mapBatches(inner, { signal: call?.signal, batch: start.batch })
      })
    },
  })

function refuse(text: string): void {
  const words = WORDS.exec(text)
  if (words !== null) throw new ChatError('not-found', `the endpoint reports: ${words[0]}`)
}

/** The words as the whole body: no framing would make a message of them. */
function refusingBareText(framing: Framing): Framing {
  return (out) => {
    const inner = framing(out)
    let head: string | undefined = ''
    const decoder = new TextDecoder()
    const sink: Sink<Uint8Array> = {
      push(chunk) {
        if (head !== undefined) {
          head += decoder.decode(chunk.subarray(0, MAX_HELD_CHARACTERS), { stream: true })
          if (head.startsWith(START)) refuse(head)
          if (!mayBeStart(head)) head = undefined
        }
        inner.push(chunk)
      },
      end() {
        inner.end()
      },
    }
    return sink
  }
}

/** Holds back an answer while its text may still turn out to be these words and nothing else. */
class HeldStart {
  readonly #id: string
  #text = ''
  #held: ChatEvent[] = []
  #isDecided = false

  constructor(id: string) {
    this.#id = id
  }

  readonly batch = (events: readonly ChatEvent[]): readonly ChatEvent[] => {
    if (this.#isDecided) return events
    for (const event of events) {
      this.#held.push(event)
      this.#isDecided ||= this.#decides(event)
    }
    // What comes before the text is not held.
    if (!this.#isDecided && this.#text !== '') return []
    const released = this.#held
    this.#held = []
    return released
  }

  /** Whether an event shows what the text is. */
  #decides(event: ChatEvent): boolean {
    if (event.type === 'start' || event.type === 'raw') return false
    if (event.type === 'text') {
      this.#text += event.text
      return !mayBeStart(this.#text)
    }
    if (event.type === 'finish' && WHOLE_ANSWER.test(this.#text)) {
      const provider = this.#id
      throw new ChatError('not-found', `${provider}: the endpoint reports: ${this.#text.trim()}`, { provider })
    }
    return true
  }
}

function mayBeStart(text: string): boolean {
  return text.length < START.length
    ? START.startsWith(text)
    : text.startsWith(START) && text.length < MAX_HELD_CHARACTERS
}
