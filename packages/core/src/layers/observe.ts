import { type Clock, systemClock } from '../async/clock.ts'
import { quietly } from '../async/quietly.ts'
import type { ChatEvent, ChatRequest, Usage } from '../chat.ts'
import { checkClock, checkFunctions, checkOptions } from '../check/check.ts'
import type { Layer } from '../provider.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, trustedStream } from '../stream.ts'
import { mapBatches } from './map-batches.ts'
import { streamOf } from '../stream-of.ts'
import { wrap } from './wrap.ts'

/** The outcome of one call. Times are milliseconds from dispatch; a time is absent if the call did not get that far. */
export interface Observation {
  /** Id of the provider that was asked; {@link Observation.answeredBy} names the one that answered. */
  provider: string
  /** The model that was asked for. */
  model: string
  /** The provider of the last `start`: a member, if the provider is a group. */
  answeredBy?: string | undefined
  /** `'cancelled'`: the reader closed the stream before its end. */
  outcome: 'finished' | 'failed' | 'aborted' | 'cancelled'
  /** What the stream threw, if it failed or was aborted. */
  error?: unknown
  /** To the open connection; absent where the transport can't tell. */
  connectMs?: number | undefined
  /** To the first content. */
  firstTokenMs?: number | undefined
  /** To the end, whatever the outcome. */
  totalMs: number
  /** How many events the reader got. */
  events: number
  /** Of the `finish`, or of what had arrived; absent when unknown. */
  usage?: Usage | undefined
}

export interface ObserveOptions {
  /** Called once for each call, when it ends. What it throws is ignored. */
  onEnd?: ((observation: Observation) => void) | undefined
  /** Called for each event, before the reader gets it. What it throws is ignored. */
  onEvent?: ((event: ChatEvent) => void) | undefined
  /** @default `systemClock` */
  clock?: Clock | undefined
}

const OPTIONS: Readonly<Record<keyof ObserveOptions, true>> = { onEnd: true, onEvent: true, clock: true }

/**
 * Observes the answers of a provider. Changes nothing and stores nothing.
 *
 * @throws TypeError for an option that is unknown.
 * @example
 * pipe(provider, observe({ onEnd: ({ outcome, firstTokenMs }) => console.log(outcome, firstTokenMs) }))
 */
export function observe(options: ObserveOptions): Layer {
  checkOptions('observe', options, OPTIONS)
  checkFunctions('observe', { onEnd: options.onEnd, onEvent: options.onEvent })
  checkClock('observe', options.clock)
  return (next) =>
    wrap(next, {
      stream(request, call) {
        const observer = new CallObserver(
          options,
          { provider: next.id, model: (request as ChatRequest | undefined)?.model ?? '' },
          call?.signal,
        )
        const onConnect = (): void => {
          observer.connected()
          quietly(call?.onConnect)
        }
        const inner = streamOf(next, request, { ...call, onConnect })
        return trustedStream(call?.signal, () => observer.watch(inner))
      },
    })
}

/** Observes one call. */
class CallObserver {
  readonly #options: ObserveOptions
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  readonly #observation: Observation
  #startedAt = 0

  constructor(options: ObserveOptions, call: Pick<Observation, 'provider' | 'model'>, signal: AbortSignal | undefined) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#signal = signal
    this.#observation = { ...call, outcome: 'cancelled', totalMs: 0, events: 0 }
  }

  connected(): void {
    this.#observation.connectMs = this.#sinceStart()
  }

  watch(inner: AsyncIterable<ChatEvent>): Batches {
    this.#startedAt = this.#clock.now()
    let ended = false
    const end = (outcome: Observation['outcome'], error?: unknown): void => {
      if (ended) return
      ended = true
      const observation = this.#observation
      observation.outcome = outcome
      if (error !== undefined) observation.error = error
      observation.totalMs = this.#sinceStart()
      quietly(this.#options.onEnd, observation)
    }
    return mapBatches(inner, {
      signal: this.#signal,
      batch: (events) => {
        for (const event of events) this.#record(event)
        if (events.at(-1)?.type === 'finish') end('finished')
        return events
      },
      end: () => {
        end('finished')
      },
      error: (error) => {
        end(this.#signal?.aborted === true ? 'aborted' : 'failed', error)
      },
      close: () => {
        if (this.#signal?.aborted === true) end('aborted', this.#signal.reason)
        else end('cancelled')
      },
    })
  }

  #record(event: ChatEvent): void {
    const observation = this.#observation
    observation.events++
    if (event.type === 'start') observation.answeredBy = event.provider
    else if (event.type === 'finish' && event.usage !== undefined) observation.usage = event.usage
    if (observation.firstTokenMs === undefined && isContent(event)) observation.firstTokenMs = this.#sinceStart()
    quietly(this.#options.onEvent, event)
  }

  #sinceStart(): number {
    return this.#clock.now() - this.#startedAt
  }
}
