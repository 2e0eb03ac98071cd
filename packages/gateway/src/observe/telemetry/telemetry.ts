import {
  type AttributeValue,
  type Context,
  createNoopMeter,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api'
import type { Usage } from '@rivulet/core'
import type { Arrival, Attempt, GatewayObserver, Question, RequestEnd, RequestObserver } from '../observer.ts'
import { type Instruments, instrumentsOf } from './instruments.ts'
import { ATTRIBUTES, OTHER, providerName, UNKNOWN_MODALITY } from './names.ts'

const NAME = '@rivulet/gateway'

/**
 * Spans and metrics by OpenTelemetry's conventions for generative AI, through the SDK that the program has registered before;
 * without one, nothing is recorded. A request that asks a model is a span of kind server, in the trace that its client's
 * `traceparent` names; each attempt is a span of kind client below it. No text is recorded.
 *
 * @example
 * const server = gateway(lockchat(), { observers: [telemetry()] })
 */
export function telemetry(): GatewayObserver {
  const tracer = trace.getTracer(NAME)
  const meter = metrics.getMeter(NAME)
  const instruments = instrumentsOf(meter)
  const isMeasured = meter !== createNoopMeter()
  return { request: (arrival) => new RequestTelemetry(tracer, instruments, isMeasured, arrival) }
}

/** A request that asks a model, from here on. */
interface Asked {
  readonly question: Question
  readonly span: Span
  /** That of the span. */
  readonly context: Context
  /** In milliseconds since 1970. */
  readonly at: number
  /** Of each metric. A model that is not listed could be any text. */
  readonly labels: Attributes
}

type Attributes = Record<string, AttributeValue | undefined>

class RequestTelemetry implements RequestObserver {
  readonly #tracer: Tracer
  readonly #instruments: Instruments
  /** There is an SDK for metrics. */
  readonly #isMeasured: boolean
  readonly #arrival: Arrival
  /** In milliseconds since 1970. */
  readonly #arrivedAt = Date.now()
  #asked: Asked | undefined
  /** Made once for all pieces of a provider. */
  #chunkLabels: Attributes = {}
  #chunkedBy: string | undefined

  constructor(tracer: Tracer, instruments: Instruments, isMeasured: boolean, arrival: Arrival) {
    this.#tracer = tracer
    this.#instruments = instruments
    this.#isMeasured = isMeasured
    this.#arrival = arrival
  }

  asked(question: Question): void {
    const { requestId, operation, traceparent } = this.#arrival
    const { model, listed, stream, hold, key } = question
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent })
    const span = this.#tracer.startSpan(
      `${operation} ${model}`,
      {
        kind: SpanKind.SERVER,
        startTime: this.#arrivedAt,
        attributes: {
          [ATTRIBUTES.operation]: operation,
          [ATTRIBUTES.requestModel]: model,
          [ATTRIBUTES.requestStream]: stream,
          [ATTRIBUTES.requestId]: requestId,
          [ATTRIBUTES.hold]: hold,
          [ATTRIBUTES.key]: key,
        },
      },
      parent,
    )
    if (!this.#isMeasured && !span.isRecording()) return
    const labels = { [ATTRIBUTES.operation]: operation, [ATTRIBUTES.requestModel]: listed ?? OTHER }
    this.#asked = { question, span, context: trace.setSpan(parent, span), at: Date.now(), labels }
  }

  attempt({ provider, outcome, code, status, usage, startedMs, firstTokenMs, totalMs }: Attempt): void {
    if (this.#asked === undefined) return
    const { question, context, at, labels } = this.#asked
    const { duration, timeToFirstChunk } = this.#instruments
    const by = { ...labels, [ATTRIBUTES.provider]: providerName(provider) }
    const span = this.#tracer.startSpan(
      `${this.#arrival.operation} ${question.model}`,
      {
        kind: SpanKind.CLIENT,
        startTime: at + startedMs,
        attributes: {
          ...by,
          [ATTRIBUTES.requestModel]: question.model,
          [ATTRIBUTES.requestStream]: question.stream,
          [ATTRIBUTES.outcome]: outcome,
          [ATTRIBUTES.errorType]: code,
          [ATTRIBUTES.httpStatus]: status,
          [ATTRIBUTES.timeToFirstChunk]: question.stream ? inSeconds(firstTokenMs) : undefined,
          ...spent(usage),
        },
      },
      context,
    )
    if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(at + startedMs + totalMs)
    const isFailed = outcome === 'failed'
    duration.record(totalMs / 1000, { ...by, ...(isFailed && { [ATTRIBUTES.errorType]: code ?? OTHER }) })
    if (question.stream && firstTokenMs !== undefined) timeToFirstChunk.record(firstTokenMs / 1000, by)
    this.#count(usage, by)
  }

  chunk(ms: number, provider: string): void {
    if (this.#asked?.question.stream !== true) return
    if (provider !== this.#chunkedBy) {
      this.#chunkedBy = provider
      this.#chunkLabels = { ...this.#asked.labels, [ATTRIBUTES.provider]: providerName(provider) }
    }
    this.#instruments.timePerChunk.record(ms / 1000, this.#chunkLabels)
  }

  ended({
    outcome,
    status,
    code,
    finish,
    provider,
    model,
    usage,
    attempts,
    dropped,
    firstContentMs,
    totalMs,
  }: RequestEnd): void {
    if (this.#asked === undefined) return
    const { span, question } = this.#asked
    const hasFailed = outcome === 'failed' || (outcome === 'refused' && (status ?? 0) >= 500)
    span.setAttributes({
      // The conventions require one: a request without an answer has this server.
      [ATTRIBUTES.provider]: provider === undefined ? 'rivulet' : providerName(provider),
      [ATTRIBUTES.responseModel]: model,
      [ATTRIBUTES.finishReasons]: finish === undefined ? undefined : [finish],
      [ATTRIBUTES.httpStatus]: status,
      [ATTRIBUTES.errorType]: code ?? (hasFailed ? OTHER : undefined),
      [ATTRIBUTES.outcome]: outcome,
      [ATTRIBUTES.attempts]: attempts,
      [ATTRIBUTES.dropped]: dropped.length === 0 ? undefined : [...dropped],
      [ATTRIBUTES.timeToFirstChunk]: question.stream ? inSeconds(firstContentMs) : undefined,
      ...spent(usage),
    })
    if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(this.#arrivedAt + totalMs)
  }

  /** Also of an attempt that tells nothing: the conventions ask for the 0. */
  #count(usage: Usage | undefined, by: Attributes): void {
    const labels = { ...by, [ATTRIBUTES.modality]: UNKNOWN_MODALITY }
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = this.#instruments
    inputTokens.add(usage?.inputTokens ?? 0, labels)
    outputTokens.add(usage?.outputTokens ?? 0, labels)
    if (usage?.cachedTokens !== undefined) cacheReadTokens.add(usage.cachedTokens, labels)
    if (usage?.cacheWriteTokens !== undefined) cacheWriteTokens.add(usage.cacheWriteTokens, labels)
    if (usage?.reasoningTokens !== undefined) reasoningTokens.add(usage.reasoningTokens, labels)
  }
}

const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)

const spent = (usage: Usage | undefined): Attributes => ({
  [ATTRIBUTES.inputTokens]: usage?.inputTokens,
  [ATTRIBUTES.outputTokens]: usage?.outputTokens,
  [ATTRIBUTES.cacheReadTokens]: usage?.cachedTokens,
  [ATTRIBUTES.cacheWriteTokens]: usage?.cacheWriteTokens,
  [ATTRIBUTES.reasoningTokens]: usage?.reasoningTokens,
})
