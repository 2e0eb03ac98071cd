import type { ChatEvent, Provider, ProviderInfo } from '@rivulet/core'
import { type Batches, chatStream, httpProvider, type Protocol, settings, sseFraming } from '@rivulet/core/provider'

/** How the events of a stream come: how many there are, and how many of them with one read. */
export interface Flow {
  events: number
  perRead: number
}

const INFO: ProviderInfo = {
  name: 'Member',
  url: 'http://127.0.0.1',
  auth: 'none',
  streaming: true,
  models: [{ id: 'm' }],
  settings: settings({ stream: undefined }),
  // So that an answer may be continued, and is kept for that.
  prefill: true,
}

const WORDS = ['The', ' river', ' runs', ' to', ' the', ' sea', ',', ' and', ' naïve', ' stones', ' 川', '.']

/** A member in this process, which costs next to nothing: whatever is put around it shows. */
export function inProcess({ events, perRead }: Flow): Provider {
  return { id: 'member', info: INFO, stream: (_, call) => chatStream(call?.signal, () => new Said(events, perRead)) }
}

class Said implements Batches {
  readonly #events: number
  readonly #perRead: number
  #said = -1

  constructor(events: number, perRead: number) {
    this.#events = events
    this.#perRead = perRead
  }

  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    if (this.#said > this.#events) return Promise.resolve({ done: true, value: undefined })
    const value: ChatEvent[] = []
    if (this.#said < 0) {
      this.#said = 0
      value.push({ type: 'start', provider: 'member', model: 'm' })
    }
    for (let left = this.#perRead; left > 0 && this.#said < this.#events; left--) {
      value.push({ type: 'text', text: WORDS[this.#said++ % WORDS.length] ?? '' })
    }
    if (this.#said === this.#events) {
      this.#said++
      value.push({ type: 'finish', reason: 'stop' })
    }
    return Promise.resolve({ done: false, value })
  }

  close(): void {
    this.#said = this.#events + 1
  }
}

/** A small dialect: each frame is an event in JSON. */
const protocol: Protocol = {
  dialect: 'overhead',
  framing: () => sseFraming(),
  open: (request) => ({
    http: { path: '/', body: request },
    decode: (emit) => ({
      push(frame) {
        // Of our own endpoint: nothing else comes.
        const event = JSON.parse(frame.text()) as Parameters<typeof emit>[0]
        emit(event)
      },
      end: () => undefined,
    }),
  }),
}

/** A member over a socket, read as every provider is. */
export function overSocket(origin: string, { events, perRead }: Flow): Provider {
  const baseUrl = `${origin}/${events}/${perRead}`
  return httpProvider({ id: 'member', info: INFO, protocol, baseUrl })
}

/** What the endpoint sends as one frame. */
export const frameOf = (index: number): string =>
  `data: ${JSON.stringify({ type: 'text', text: WORDS[index % WORDS.length] })}\n\n`

export const LAST_FRAME = `data: ${JSON.stringify({ type: 'finish', reason: 'stop' })}\n\n`
