import { type Clock, systemClock } from '../async/clock.ts'
import type { ChatEvent, Usage } from '../chat.ts'
import { checkOptions } from '../check/check.ts'
import type { Layer } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, chatStream } from '../stream.ts'
import { mapBatches } from './map-batches.ts'
import { wrap } from './wrap.ts'

/** What became of one call. Times are milliseconds from dispatch; a time is absent when the call did not get that far. */
export interface Observation {
  /** Id of the provider that was asked; {@link Observation.answeredBy} names the one that answered. */
  provider: string
  /** The model that was asked for. */
  model: string
  /** The provider of the last `start`: a member's, where the provider is a group. */
  answeredBy?: string | undefined
  /** `'cancelled'`: the reader left before the end. */
  outcome: 'finished' | 'failed' | 'aborted' | 'cancelled'
  /** What was thrown, when it failed or was aborted. */
  error?: unknown
  connectMs?: number | undefined
  firstTokenMs?: number | undefined
  totalMs: number
  events: number
  usage?: Usage | undefined
}

export interface ObserveOptions {
  /** Called once for each call, when it is over. Must not throw. */
  onEnd?: ((observation: Observation) => void) | undefined
  /** Called for each event, before the reader has it. Must not throw. */
  onEvent?: ((event: ChatEvent) => void) | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

const OPTIONS: Readonly<Record<keyof ObserveOptions, true>> = { onEnd: true, onEvent: true, clock: true }

/**
 * Looks on at the answers of a provider. Changes nothing and keeps nothing.
 *
 * @throws TypeError for an option that is unknown.
 * @example
 * pipe(provider, observe({ onEnd: ({ outcome, firstTokenMs }) => console.log(outcome, firstTokenMs) }))
 */
export function observe(options: ObserveOptions): Layer {
  checkOptions('observe', options, OPTIONS)
  return (next) =>
    wrap(next, {
      stream(request, call) {
        const seen = new CallObserver(options, { provider: next.id, model: request.model }, call?.signal)
        const onConnect = (): void => {
          seen.connected()
          call?.onConnect?.()
        }
        const inner = next.stream(request, { ...call, onConnect })
        return chatStream(call?.signal, () => seen.watch(inner))
      },
    })
}

/** One call, and what is known of it. */
class CallObserver {
  readonly #options: ObserveOptions
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  readonly #seen: Observation
  #startedAt = 0

  constructor(options: ObserveOptions, call: Pick<Observation, 'provider' | 'model'>, signal: AbortSignal | undefined) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#signal = signal
    this.#seen = { ...call, outcome: 'cancelled', totalMs: 0, events: 0 }
  }

  connected(): void {
    this.#seen.connectMs = this.#sinceStart()
  }

  watch(inner: AsyncIterable<ChatEvent>): Batches {
    this.#startedAt = this.#clock.now()
    let over = false
    const end = (outcome: Observation['outcome'], error?: unknown): void => {
      if (over) return
      over = true
      const seen = this.#seen
      seen.outcome = outcome
      if (error !== undefined) seen.error = error
      seen.totalMs = this.#sinceStart()
      this.#options.onEnd?.(seen)
    }
    return mapBatches(inner, {
      batch: (events) => {
        for (const event of events) this.#look(event)
        if (events.at(-1)?.type === 'finish') end('finished')
        return events
      },
      end: () => {
        end('finished')
      },
      error: (error) => {
        end(this.#signal?.aborted === true ? 'aborted' : 'failed', error)
        return error
      },
      close: () => {
        if (this.#signal?.aborted === true) end('aborted', this.#signal.reason)
        else end('cancelled')
      },
    })
  }

  #look(event: ChatEvent): void {
    const seen = this.#seen
    seen.events++
    if (event.type === 'start') seen.answeredBy = event.provider
    else if (event.type === 'finish' && event.usage !== undefined) seen.usage = event.usage
    if (seen.firstTokenMs === undefined && isContent(event)) seen.firstTokenMs = this.#sinceStart()
    this.#options.onEvent?.(event)
  }

  #sinceStart(): number {
    return this.#clock.now() - this.#startedAt
  }
}
