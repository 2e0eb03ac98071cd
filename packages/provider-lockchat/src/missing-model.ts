import { ChatError } from '@rivulet/core'
import type { DecodedEvent, Framing, Protocol, Sink } from '@rivulet/core/provider'

/**
 * Lockchat's known fault: it sometimes denies a model that it has, in these words, with status 200 or another, as an error
 * document, as an event, as the text of an answer or as bare text. On a retry it has the model. Last seen in 2023.
 */
const WORDS = /The model: `[^`]*` does not exist/
const WHOLE_ANSWER = /^The model: `[^`]*` does not exist\W*$/
const START = 'The model: `'
/** Longer than these words with the name of any model. */
const MAX_HELD_CHARACTERS = 200
const LETTER_T = 84

/** Whether an error is this fault, and not another `not-found`. */
export const isMissingModel = (error: ChatError): boolean => error.code === 'not-found' && WORDS.test(error.message)

/** The dialect with the fault as an error, in each of its forms. */
export function refusingMissingModel(protocol: Protocol): Protocol {
  return {
    ...protocol,
    framing: (contentType) => refusingBareText(protocol.framing(contentType)),
    decode(emit) {
      const answer = new HeldStart(emit)
      const sink = protocol.decode(answer.emit)
      return {
        push(frame) {
          if (frame.buffer[frame.start] === LETTER_T) refuse(frame.text())
          sink.push(frame)
        },
        end() {
          sink.end()
        },
      }
    },
    decodeError(_status, body) {
      const words = WORDS.exec(typeof body === 'string' ? body : JSON.stringify(body))
      return words === null ? {} : { code: 'not-found', message: words[0] }
    },
  }
}

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

/** Holds back the text of an answer while it may still turn out to be these words and nothing else. */
class HeldStart {
  readonly #emit: (event: DecodedEvent) => void
  #held: string | undefined = ''

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  readonly emit = (event: DecodedEvent): void => {
    if (this.#held === undefined || event.type === 'start') {
      this.#emit(event)
      return
    }
    if (event.type === 'text') {
      this.#held += event.text
      if (mayBeStart(this.#held)) return
      this.#release()
      return
    }
    if (WHOLE_ANSWER.test(this.#held)) refuse(this.#held)
    this.#release()
    this.#emit(event)
  }

  #release(): void {
    const text = this.#held
    this.#held = undefined
    if (text !== undefined && text !== '') this.#emit({ type: 'text', text })
  }
}

function mayBeStart(text: string): boolean {
  return text.length < START.length
    ? START.startsWith(text)
    : text.startsWith(START) && text.length < MAX_HELD_CHARACTERS
}
