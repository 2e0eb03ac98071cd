import { checkMethods, checkOptions, quietly } from '@rivulet/core/provider'
import type { Arrival, Attempt, GatewayObserver, Question, RequestEnd, RequestObserver } from '../observer.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof LEVELS)[number]

/** Writes a line: a logger of pino, `console`, and whatever else has these calls. Nothing waits for what they return. */
export type Logger = Readonly<Record<LogLevel, (fields: LoggedRequest, message: string) => unknown>>

type Asked = { readonly [Name in 'model' | 'stream' | 'hold' | 'key']: Question[Name] | undefined }

/** The fields of a line. What is not known is `undefined`. Times are in milliseconds. */
export interface LoggedRequest
  extends
    Pick<Arrival, 'requestId' | 'dialect' | 'operation'>,
    Asked,
    Pick<
      RequestEnd,
      'outcome' | 'status' | 'code' | 'finish' | 'provider' | 'attempts' | 'firstContentMs' | 'totalMs'
    > {
  /** As the member that answered names it. */
  readonly providerModel: string | undefined
  /** Attempts that failed: `'work: overloaded (503)'`; at most 10. */
  readonly failures?: readonly string[]
  readonly dropped?: readonly string[]
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
}

export interface LogOptions {
  logger: Logger
}

/**
 * Logs a line for each request when it has ended, with metadata only. What was answered, and a client that left, is `info`; a
 * refusal that its client can mend is `warn`; one of ours, and an answer that failed, is `error`; what asks no model is `debug`.
 *
 * @throws TypeError for a logger that lacks a level.
 * @example
 * const server = gateway(lockchat(), { observers: [log({ logger: console })] })
 */
export function log(options: LogOptions): GatewayObserver {
  checkOptions('log', options, { logger: true })
  const { logger } = options
  // It has no default: a program without types may leave it out.
  const given: unknown = logger
  checkMethods('log: logger', given ?? null, LEVELS)
  return { request: (arrival) => new RequestLine(logger, arrival) }
}

/** More would be a stranger's list. */
const MAX_FAILURES = 10

class RequestLine implements RequestObserver {
  readonly #logger: Logger
  readonly #arrival: Arrival
  readonly #failures: string[] = []
  #question: Question | undefined

  constructor(logger: Logger, arrival: Arrival) {
    this.#logger = logger
    this.#arrival = arrival
  }

  asked(question: Question): void {
    this.#question = question
  }

  attempt({ provider, code, status }: Attempt): void {
    if (code === undefined || this.#failures.length === MAX_FAILURES) return
    this.#failures.push(status === undefined ? `${provider}: ${code}` : `${provider}: ${code} (${status})`)
  }

  ended(end: RequestEnd): void {
    const { requestId, dialect, operation } = this.#arrival
    const { model, stream, hold, key } = this.#question ?? {}
    const { usage, dropped, outcome } = end
    const level = levelOf(end, this.#question !== undefined)
    const fields: LoggedRequest = {
      requestId,
      dialect,
      operation,
      key,
      model,
      stream,
      hold,
      outcome,
      status: end.status,
      code: end.code,
      finish: end.finish,
      provider: end.provider,
      providerModel: end.model,
      attempts: end.attempts,
      ...(this.#failures.length > 0 && { failures: this.#failures }),
      ...(dropped.length > 0 && { dropped }),
      inputTokens: usage?.inputTokens,
      outputTokens: usage?.outputTokens,
      firstContentMs: end.firstContentMs === undefined ? undefined : rounded(end.firstContentMs),
      totalMs: rounded(end.totalMs),
    }
    // A logger that writes to another machine may give a promise, which may reject.
    quietly(() => this.#logger[level](fields, `${operation ?? 'unknown path'} ${outcome}`))
  }
}

function levelOf({ outcome, status = 0 }: RequestEnd, asksModel: boolean): LogLevel {
  if (outcome === 'failed' || (outcome === 'refused' && status >= 500)) return 'error'
  if (outcome === 'refused') return 'warn'
  return asksModel ? 'info' : 'debug'
}

/** To a tenth of a millisecond. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10
