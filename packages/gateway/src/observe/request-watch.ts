import type { AttemptReport, ChatEvent, Clock, ErrorCode, FinishReason, Provider, Usage } from '@rivulet/core'
import { isContent, quietly, redact, redactCut } from '@rivulet/core/provider'
import type { Arrival, GatewayObserver, Question, RequestEnd, RequestObserver } from './observer.ts'

/** Of a name that a stranger chose. */
const MAX_NAME = 200
const MAX_NAMES = 50

/** Begins to watch a request; `undefined` where there are no observers. */
export type BeginWatch = (arrival: Arrival) => RequestWatch | undefined

/** @param provider Its list of models bounds the names that observers may count by. */
export function watchWith(observers: readonly GatewayObserver[], clock: Clock, provider: Provider): BeginWatch {
  if (observers.length === 0) return () => undefined
  const ids = new Set(provider.info.models.map(({ id }) => id))
  // Of `openai/gpt-6-luna` too.
  const listed = (model: string): string | undefined =>
    [model, model.slice(model.indexOf('/') + 1)].find((name) => ids.has(name))
  return (arrival) => new RequestWatch(observers, arrival, clock, listed)
}

/** Tells observers what becomes of one request. What they do changes nothing of it. */
export class RequestWatch {
  readonly #observers: readonly RequestObserver[]
  readonly #clock: Clock
  readonly #listed: (model: string) => string | undefined
  readonly #arrivedAt: number
  /** The client's credential: it may stand where a name is expected. */
  readonly #secrets: string[] = []
  #askedAt: number | undefined
  /** Of the last content; before any, of the request's arrival. */
  #writtenAt: number
  #attempts = 0
  #status: number | undefined
  #code: ErrorCode | undefined
  #finish: FinishReason | undefined
  #provider: string | undefined
  #model: string | undefined
  #usage: Usage | undefined
  #hasEnded = false
  #left: readonly string[] = []
  #dropped: readonly string[] = []
  #firstContentMs: number | undefined
  #upstreamMs: number | undefined

  constructor(
    observers: readonly GatewayObserver[],
    arrival: Arrival,
    clock: Clock,
    listed: (model: string) => string | undefined,
  ) {
    this.#clock = clock
    this.#listed = listed
    this.#arrivedAt = this.#writtenAt = clock.now()
    const watching: RequestObserver[] = []
    for (const observer of observers) {
      quietly(() => {
        const one = observer.request(arrival)
        if (one !== undefined) watching.push(one)
        // A program without types may give a promise, whose rejection would end the process.
        return one
      })
    }
    this.#observers = watching
  }

  keepSecret(credential: string): void {
    this.#secrets.push(credential)
  }

  /** The provider is about to be asked. @param left Names of what the gateway has left out of the request. */
  asked({ model, key, ...rest }: Omit<Question, 'listed'>, left: readonly string[] = []): void {
    this.#left = left
    const question = {
      ...rest,
      model: this.#modelName(model),
      listed: this.#listed(model),
      key: key === '' ? undefined : key,
    }
    this.#each((observer) => observer.asked?.(question))
    this.#askedAt = this.#clock.now()
  }

  attempt({ error, provider, outcome, usage, startedMs, firstTokenMs, totalMs }: AttemptReport): void {
    this.#attempts++
    const { code, status } = error ?? {}
    const attempt = { provider, outcome, code, status, usage, startedMs, firstTokenMs, totalMs }
    this.#each((observer) => observer.attempt?.(attempt))
  }

  /** The provider gave these. */
  received(events: readonly ChatEvent[]): void {
    for (const event of events) {
      if (event.type === 'start') {
        this.#provider = event.provider
        this.#model = this.#modelName(event.model)
        this.#dropped = event.dropped ?? []
      } else if (event.type === 'finish') {
        this.#finish = event.reason
        this.#usage = event.usage
      } else if (this.#upstreamMs === undefined && isContent(event)) {
        this.#upstreamMs = this.#clock.now() - (this.#askedAt ?? this.#arrivedAt)
      }
    }
  }

  /** What an answer in one piece has used. */
  used(usage: Usage): void {
    this.#usage = usage
  }

  /** These are written to the client. */
  wrote(events: readonly ChatEvent[]): void {
    if (!events.some(isContent)) return
    const now = this.#clock.now()
    const isFirst = this.#firstContentMs === undefined
    const ms = now - this.#writtenAt
    const provider = this.#provider ?? ''
    this.#writtenAt = now
    if (isFirst) this.#firstContentMs = ms
    this.#each((observer) => (isFirst ? observer.firstContent?.(ms, provider) : observer.chunk?.(ms, provider)))
  }

  /** The answer has this status. */
  began(status: number): void {
    this.#status ??= status
  }

  /** @param usage What was spent all the same. */
  failed(code: ErrorCode | undefined, usage: Usage | undefined): void {
    this.#code = code
    this.#usage ??= usage
  }

  /** @param hasLeft The client has left before the end. */
  ended(hasLeft: boolean): void {
    const end: RequestEnd = {
      outcome: this.#outcome(hasLeft),
      status: this.#status,
      code: this.#code,
      finish: this.#finish,
      provider: this.#provider,
      model: this.#model,
      usage: this.#usage,
      attempts: this.#attempts,
      dropped: [...this.#left, ...this.#dropped].slice(0, MAX_NAMES).map((name) => this.#named(name)),
      firstContentMs: this.#firstContentMs,
      upstreamMs: this.#upstreamMs,
      totalMs: this.#clock.now() - this.#arrivedAt,
    }
    this.#each((observer) => observer.ended?.(end))
    this.#hasEnded = true
  }

  #outcome(hasLeft: boolean): RequestEnd['outcome'] {
    if (this.#status === undefined || (hasLeft && this.#finish === undefined)) return 'left'
    if (this.#status >= 400) return 'refused'
    return this.#code === undefined ? 'answered' : 'failed'
  }

  /** A name on the list is not a text of a client or an endpoint; what comes before a slash may be. */
  #modelName(name: string): string {
    return this.#listed(name) === name ? name.slice(0, MAX_NAME) : this.#named(name)
  }

  /** Looking for a secret costs more than all else here, and however it is written, none is in a text with fewer characters. */
  #named(name: string): string {
    if (name.length > MAX_NAME) return redactCut(name.slice(0, MAX_NAME), this.#secrets)
    return this.#secrets.every((secret) => name.length < secret.trim().length) ? name : redact(name, this.#secrets)
  }

  /** A group may report an attempt that it has cancelled when all is over. */
  #each(tell: (observer: RequestObserver) => unknown): void {
    if (this.#hasEnded) return
    for (const observer of this.#observers) quietly(tell, observer)
  }
}
