import {
  type AttemptReport,
  ChatError,
  type ChatEvent,
  type Clock,
  cost,
  type Model,
  type Observation,
} from '@rivulet/core'
import { isContent } from '@rivulet/core/provider'
import type { AnswerReport, AttemptLine, Moment } from './answer-report.ts'

/** What hears of an answer. */
export interface AnswerSink {
  report: (report: AnswerReport) => void
  moment: (moment: Moment) => void
  /** What is known of a provider's model. */
  modelOf: (provider: string, model: string) => Model | undefined
}

/** An attempt that did not answer, until it is known who answers instead. */
interface Left {
  provider: string
  outcome: 'broke' | 'overtaken'
  at: number
  waitedMs: number
  /** Pieces that the reader has to take again. */
  pieces: number
}

/** Observes one answer: its attempts, what was lost with each, and what it cost. */
export class AnswerWatch {
  readonly #sink: AnswerSink
  readonly #clock: Clock
  readonly #report: AnswerReport
  /** Of the attempt that is read now. */
  #pieces = 0
  #left: Left | undefined

  constructor(id: string, clock: Clock, sink: AnswerSink) {
    this.#sink = sink
    this.#clock = clock
    this.#report = { id, state: 'running', attempts: [] }
    this.#changed()
  }

  readonly onAttempt = (attempt: AttemptReport): void => {
    const line = lineOf(attempt, this.#pieces)
    this.#report.attempts.push(line)
    const { provider, outcome, totalMs } = attempt
    const at = this.#clock.now()
    if (line.outcome === 'superseded') {
      this.#left = { provider, outcome: 'overtaken', at, waitedMs: totalMs, pieces: 0 }
    } else if (line.outcome === 'failed') {
      const { code = 'malformed', status, pieces = 0 } = line
      this.#left = { provider, outcome: 'broke', at, waitedMs: totalMs, pieces: 0 }
      this.#moment({ kind: 'broke', from: provider, code, ...(status !== undefined && { status }), pieces })
    } else if (outcome === 'answered') this.#measure(attempt)
    this.#changed()
  }

  readonly onEvent = (event: ChatEvent): void => {
    if (event.type === 'start') {
      this.#report.provider = event.provider
      this.#report.model = event.model
      this.#changed()
    } else if (event.type === 'restart') {
      if (this.#left !== undefined) this.#left.pieces = this.#pieces
      this.#pieces = 0
    } else if (isContent(event)) {
      this.#pieces++
      this.#continues()
    }
  }

  readonly onEnd = ({ outcome, provider, error, firstTokenMs, totalMs, usage }: Observation): void => {
    const report = this.#report
    const failure = outcome === 'failed' && error instanceof ChatError ? error : undefined
    report.state = outcome === 'finished' || outcome === 'failed' ? outcome : 'stopped'
    report.totalMs = totalMs
    if (firstTokenMs !== undefined) report.firstTokenMs = firstTokenMs
    if (usage !== undefined) {
      report.usage = usage
      const usd = cost(usage, this.#sink.modelOf(report.provider ?? '', report.model ?? '') ?? {})
      // Of several attempts only the group knows the prices, and has computed the cost.
      const known = usage.cost?.usd ?? (this.#spending() < 2 ? usd : undefined)
      if (known !== undefined) report.usd = known
    }
    // A provider that is asked alone reports no attempts.
    if (report.attempts.length === 0) {
      this.onAttempt({
        provider: report.provider ?? provider,
        outcome: outcome === 'finished' ? 'answered' : failure === undefined ? 'cancelled' : 'failed',
        ...(failure !== undefined && { error: failure }),
        ...(usage !== undefined && { usage }),
        startedMs: 0,
        ...(firstTokenMs !== undefined && { firstTokenMs }),
        totalMs,
      })
    }
    if (outcome === 'failed') {
      const { code = 'other', message = String(error) } = failure ?? {}
      report.error = { code, message }
      const asked = report.attempts.filter((attempt) => attempt.outcome !== 'skipped')
      this.#moment({ kind: 'down', code, attempts: asked.length })
    }
    this.#changed()
  }

  /** Content comes: if an attempt was left before, another one has taken over. */
  #continues(): void {
    const { provider: to } = this.#report
    const left = this.#left
    if (left === undefined || to === undefined) return
    this.#left = undefined
    const { provider: from, pieces } = left
    if (left.outcome === 'overtaken') this.#moment({ kind: 'overtaken', from, to, ms: left.waitedMs })
    else this.#moment({ kind: 'switched', from, to, ms: this.#clock.now() - left.at, pieces })
    this.#changed()
  }

  #measure({ usage, firstTokenMs = 0, totalMs }: AttemptReport): void {
    const seconds = (totalMs - firstTokenMs) / 1000
    // An answer that came in one piece has no rate.
    if (seconds > 0.05) this.#report.tokensPerSecond = (usage?.outputTokens ?? this.#pieces) / seconds
  }

  #spending(): number {
    return this.#report.attempts.filter(
      ({ firstTokenMs, outcome }) => firstTokenMs !== undefined || outcome === 'superseded',
    ).length
  }

  #moment(moment: DistributiveOmit<Moment, 'answer'>): void {
    this.#sink.moment({ ...moment, answer: this.#report.id })
  }

  #changed(): void {
    this.#sink.report(structuredClone(this.#report))
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never

function lineOf(
  { provider, outcome, error, startedMs, firstTokenMs, totalMs }: AttemptReport,
  pieces: number,
): AttemptLine {
  // The router's own words for a member that it has not asked.
  const isSkipped = error?.message.startsWith(`${provider}: circuit open`) === true
  return {
    provider,
    outcome: isSkipped ? 'skipped' : outcome,
    ...(error !== undefined && { code: error.code, message: error.message.slice(0, MAX_MESSAGE) }),
    ...(error?.status !== undefined && { status: error.status }),
    startedMs,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    totalMs,
    ...(outcome === 'failed' && !isSkipped && { pieces: firstTokenMs === undefined ? 0 : pieces }),
  }
}

/** An endpoint's message may be a page long. */
const MAX_MESSAGE = 500
