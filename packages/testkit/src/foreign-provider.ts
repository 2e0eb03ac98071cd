import type { ChatEvent, ChatRequest, Provider, ProviderInfo } from '@rivulet/core'

/** A way in which a stream that is not ours breaks its promise to end with one finish. */
export interface StreamLie {
  readonly name: string
  readonly events: readonly ChatEvent[]
  /** What a caller gets where the lie is seen. */
  readonly code: 'truncated' | 'malformed'
}

export const FOREIGN_TEXT = 'Half of an'

const START: ChatEvent = { type: 'start', provider: 'foreign', model: 'm' }
const TEXT: ChatEvent = { type: 'text', text: FOREIGN_TEXT }
const FINISH: ChatEvent = { type: 'finish', reason: 'stop' }

export const streamLies: readonly StreamLie[] = [
  { name: 'ends without an event', events: [], code: 'truncated' },
  { name: 'ends after its start', events: [START], code: 'truncated' },
  { name: 'ends after content, without a finish', events: [START, TEXT], code: 'truncated' },
  { name: 'finishes twice', events: [START, TEXT, FINISH, FINISH], code: 'malformed' },
  { name: 'goes on after its finish', events: [START, TEXT, FINISH, TEXT], code: 'malformed' },
  { name: 'begins again after its finish', events: [START, TEXT, FINISH, START, TEXT, FINISH], code: 'malformed' },
]

/** How a provider that is not ours delivers its events. */
export const deliveries = ['one by one', 'in batches of its own'] as const
export type Delivery = (typeof deliveries)[number]

/** A provider that is not made by core, a class with getters and private state, whose streams tell this lie. */
export const foreignProvider = (lie: StreamLie, delivery: Delivery): Provider => new ForeignProvider(lie, delivery)

class ForeignProvider implements Provider {
  readonly id = 'foreign'
  readonly #events: readonly ChatEvent[]
  readonly #delivery: Delivery

  constructor({ events }: StreamLie, delivery: Delivery) {
    this.#events = events
    this.#delivery = delivery
  }

  get info(): ProviderInfo {
    return { name: 'Foreign', url: '', auth: 'none', streaming: true, models: [{ id: 'm' }], settings: [] }
  }

  stream(_request: ChatRequest): AsyncIterable<ChatEvent> {
    const events = this.#events
    if (this.#delivery === 'one by one') return oneByOne(events)
    // All events in one batch, in a stream of the shape that core's have.
    return Object.assign(oneByOne(events), { batches: () => batchOf(events) })
  }
}

async function* oneByOne(events: readonly ChatEvent[]): AsyncGenerator<ChatEvent> {
  yield* events
}

function batchOf(events: readonly ChatEvent[]) {
  let read = events.length === 0
  return {
    async next() {
      if (read) return { done: true, value: undefined }
      read = true
      return { done: false, value: events }
    },
    close: () => undefined,
  }
}
