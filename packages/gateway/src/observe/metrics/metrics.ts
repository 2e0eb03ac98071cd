import { checkFunctions, checkMethods, checkOptions } from '@rivulet/core/provider'
import { Registry } from 'prom-client'
import type { Arrival, GatewayObserver, ObserverPage, Question, RequestEnd, RequestObserver } from '../observer.ts'
import { instrumentsIn, type Instruments } from './instruments.ts'

export interface MetricsOptions {
  /** Where the metrics are registered: at most one `metrics()` in each. @default a registry of their own */
  register?: Registry | undefined
  /**
   * How many circuit breakers of each member are open, by its id: asked for each reading. Members without an open one may be
   * left out. @default none is shown
   */
  openBreakers?: (() => Readonly<Record<string, number>>) | undefined
}

const OPTIONS: Readonly<Record<keyof MetricsOptions, true>> = { register: true, openBreakers: true }

/**
 * Counts and measures requests for Prometheus, with `prom-client`; the gateway shows them at `/metrics`. A label has few values: a
 * model that the provider does not list is `other`, and no label names a client.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const server = gateway(lockchat(), { observers: [metrics()] })
 */
export function metrics(options: MetricsOptions = {}): GatewayObserver & { page(): Promise<ObserverPage> } {
  checkOptions('metrics', options, OPTIONS)
  const { register = new Registry(), openBreakers } = options
  checkMethods('metrics: register', register, ['registerMetric', 'metrics'])
  checkFunctions('metrics', { openBreakers })
  const instruments = instrumentsIn(register, openBreakers)
  return {
    request: (arrival) => new RequestMetrics(instruments, arrival),
    page: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  }
}

const NONE = 'none'
const OTHER = 'other'

/** The metrics of one request. Prometheus counts time in seconds. */
class RequestMetrics implements RequestObserver {
  readonly #instruments: Instruments
  readonly #arrival: Arrival
  #question: Question | undefined

  constructor(instruments: Instruments, arrival: Arrival) {
    this.#instruments = instruments
    this.#arrival = arrival
    instruments.underWay.inc()
  }

  asked(question: Question): void {
    this.#question = question
    if (question.stream) this.#instruments.streams.inc()
  }

  attempt({ provider, outcome, code, firstTokenMs }: Parameters<NonNullable<RequestObserver['attempt']>>[0]): void {
    this.#instruments.attempts.inc({ provider, outcome: code ?? outcome })
    if (firstTokenMs !== undefined) this.#instruments.attemptFirstContent.observe({ provider }, firstTokenMs / 1000)
  }

  chunk(ms: number): void {
    this.#instruments.chunk.observe(ms / 1000)
  }

  ended({ outcome, status, provider = NONE, usage, firstContentMs, upstreamMs, totalMs }: RequestEnd): void {
    const { underWay, streams, requests, duration, firstContent, overhead, tokens } = this.#instruments
    const { dialect, operation = OTHER } = this.#arrival
    const { stream, hold } = this.#question ?? {}
    const model = this.#question === undefined ? NONE : (this.#question.listed ?? OTHER)
    underWay.dec()
    if (stream === true) streams.dec()
    requests.inc({ operation, dialect, model, outcome, status: status ?? NONE })
    duration.observe({ operation, outcome }, totalMs / 1000)
    if (firstContentMs !== undefined && hold !== undefined) {
      firstContent.observe({ model, provider, hold }, firstContentMs / 1000)
      overhead.observe({ hold }, Math.max(0, firstContentMs - (upstreamMs ?? 0)) / 1000)
    }
    if (usage === undefined) return
    const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage
    const kinds = {
      input: inputTokens,
      output: outputTokens,
      cache_read: cachedTokens,
      cache_write: cacheWriteTokens,
      reasoning: reasoningTokens,
    }
    for (const [kind, count] of Object.entries(kinds)) {
      if (count !== undefined && count > 0) tokens.inc({ model, provider, kind }, count)
    }
  }
}
