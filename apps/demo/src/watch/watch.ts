import { type Clock, observe, pipe, type Provider } from '@rivulet/core'
import { isContent, mapBatches, streamOf, systemClock, trustedStream, wrap } from '@rivulet/core/provider'
import { type BreakerStore, memoryBreakerStore } from 'rivulet'
import type { AnswerReport, Moment } from './answer-report.ts'
import { AnswerWatch } from './answer-watch.ts'
import { Health, type HealthState } from './health.ts'

/** A provider as the page shows it. */
export interface ProviderState extends HealthState {
  id: string
  name: string
  simulated: boolean
  /** How many requests to it are under way. */
  running: number
  /** The fault that its simulator has been told to have; absent without one, and for a real provider. */
  fault?: string
}

/** What the page hears. */
export type WatchEvent =
  | { type: 'providers'; providers: ProviderState[] }
  /** Pieces of content that came in the last `ms` milliseconds, by provider. */
  | { type: 'traffic'; pieces: Record<string, number>; ms: number }
  | { type: 'report'; report: AnswerReport }
  | { type: 'moment'; moment: Moment }

/** A provider, and whether it is simulated. */
export interface Watched {
  provider: Provider
  simulated: boolean
}

/** How long changes are collected before they are told, in milliseconds. */
const COLLECT_MS = 100
/** How many answers are remembered for a page that has just been opened. */
const MAX_REPORTS = 20

/** Watches providers and answers, and tells every page that listens. */
export class Watch {
  /** For the circuit breakers of the group: what they record is the health of its members. */
  readonly breakers: BreakerStore
  readonly #clock: Clock
  readonly #health: Health
  readonly #members: Watched[] = []
  readonly #running = new Map<string, number>()
  readonly #reports = new Map<string, AnswerReport>()
  readonly #listeners = new Set<(event: WatchEvent) => void>()
  readonly #faultOf: (provider: string) => string | undefined
  #pieces: Record<string, number> = {}
  #isChanged = false
  #toldAt = 0
  #cancelTimer: (() => void) | undefined

  constructor(options: { clock?: Clock | undefined; faultOf: (provider: string) => string | undefined }) {
    this.#clock = options.clock ?? systemClock
    this.#faultOf = options.faultOf
    this.#health = new Health(memoryBreakerStore(), this.#clock, () => {
      this.changed()
    })
    this.breakers = this.#health.store
  }

  /** A member that tells of its requests and of the content that comes. */
  member({ provider, simulated }: Watched): Provider {
    const { id } = provider
    const run = (by: number): void => {
      this.#running.set(id, (this.#running.get(id) ?? 0) + by)
      this.changed()
    }
    const watched = wrap(provider, {
      stream: (request, call) => {
        const inner = streamOf(provider, request, call)
        return trustedStream(call?.signal, () => {
          run(1)
          let isOver = false
          // A read that is pending when the reader leaves fails after the close.
          const end = (): void => {
            if (!isOver) run(-1)
            isOver = true
          }
          return mapBatches(inner, {
            signal: call?.signal,
            batch: (events) => {
              this.#flowed(id, events.filter(isContent).length)
              return events
            },
            end,
            error: end,
            close: end,
          })
        })
      },
    })
    this.#members.push({ provider: watched, simulated })
    return watched
  }

  /** A provider, most often the group, whose answers are reported. `id`: of the next answer, by default a new one. */
  answers(provider: Provider, id?: string): Provider {
    return wrap(provider, {
      stream: (request, call) => {
        const answer = new AnswerWatch(id ?? crypto.randomUUID(), this.#clock, {
          report: (report) => {
            this.#reported(report)
          },
          moment: (moment) => {
            this.#tell({ type: 'moment', moment })
          },
          modelOf: (from, model) =>
            this.#members
              .find((member) => member.provider.id === from)
              ?.provider.info.models.find((known) => known.id === model),
        })
        const { onEvent, onEnd, onAttempt } = answer
        return pipe(provider, observe({ onEvent, onEnd, clock: this.#clock })).stream(request, { ...call, onAttempt })
      },
    })
  }

  /** Every member, in order. */
  providers(): ProviderState[] {
    return this.#members.map(({ provider: { id, info }, simulated }) => {
      const fault = this.#faultOf(id)
      return {
        id,
        name: info.name,
        simulated,
        running: this.#running.get(id) ?? 0,
        ...(fault !== undefined && { fault }),
        ...this.#health.of(id),
      }
    })
  }

  /** The last answers, oldest first. */
  reports(): AnswerReport[] {
    return [...this.#reports.values()]
  }

  /** Closes every circuit. */
  forgetFailures(): void {
    this.#health.forget()
  }

  /** What is known of the providers has changed: it is told soon. */
  changed(): void {
    this.#isChanged = true
    this.#arm()
  }

  /** Hears everything from now on. @returns a function that ends it */
  subscribe(listener: (event: WatchEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #flowed(id: string, pieces: number): void {
    if (pieces === 0) return
    this.#pieces[id] = (this.#pieces[id] ?? 0) + pieces
    this.#arm()
  }

  #reported(report: AnswerReport): void {
    this.#reports.set(report.id, report)
    const [oldest] = this.#reports.keys()
    if (this.#reports.size > MAX_REPORTS && oldest !== undefined) this.#reports.delete(oldest)
    this.#tell({ type: 'report', report })
  }

  #arm(): void {
    // Without a page that listens nothing is collected, and no timer keeps the process alive.
    if (this.#listeners.size === 0) return
    this.#cancelTimer ??= this.#clock.after(COLLECT_MS, () => {
      this.#cancelTimer = undefined
      const pieces = this.#pieces
      this.#pieces = {}
      const now = this.#clock.now()
      // After a rest, content that came at once came in the time that it was collected.
      const ms = Math.min(now - this.#toldAt, 2 * COLLECT_MS)
      this.#toldAt = now
      if (Object.keys(pieces).length > 0) this.#tell({ type: 'traffic', pieces, ms })
      if (this.#isChanged) this.#tell({ type: 'providers', providers: this.providers() })
      this.#isChanged = false
    })
  }

  #tell(event: WatchEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
