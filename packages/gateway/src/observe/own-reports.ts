import { type AttemptReport, type CallOptions, ChatError, type ChatEvent, type Clock, type Layer } from '@rivulet/core'
import { type Batches, batchesOf, isContent, quietly, streamOf, trustedStream, wrap } from '@rivulet/core/provider'

/** Reports each call of a provider that is asked alone as an attempt, as a group does of its members. */
export const ownReports =
  (clock: Clock): Layer =>
  (next) =>
    wrap(next, {
      stream(request, call) {
        const inner = streamOf(next, request, call)
        const { onAttempt, signal } = call ?? {}
        if (onAttempt === undefined) return inner
        return trustedStream(signal, () => new ReportedBatches(batchesOf(inner, signal), next.id, clock, call ?? {}))
      },
    })

type Read = Awaited<ReturnType<Batches['next']>>

/** One attempt. Nothing is awaited that the reader does not await anyway: it is in the way of every piece. */
class ReportedBatches implements Batches {
  readonly #inner: Batches
  readonly #provider: string
  readonly #clock: Clock
  readonly #call: CallOptions
  readonly #startedAt: number
  #firstTokenMs: number | undefined
  #hasEnded = false

  constructor(inner: Batches, provider: string, clock: Clock, call: CallOptions) {
    this.#inner = inner
    this.#provider = provider
    this.#clock = clock
    this.#call = call
    this.#startedAt = clock.now()
  }

  next(): Promise<Read> {
    return this.#inner.next().then(this.#onRead, this.#onError)
  }

  close(): void {
    this.#end('cancelled')
    this.#inner.close()
  }

  readonly #onRead = (read: Read): Read => {
    if (read.value !== undefined) this.#look(read.value)
    return read
  }

  #look(events: readonly ChatEvent[]): void {
    if (this.#firstTokenMs === undefined && events.some(isContent))
      this.#firstTokenMs = this.#clock.now() - this.#startedAt
    const last = events.at(-1)
    if (last?.type === 'finish') this.#end('answered', { usage: last.usage })
  }

  readonly #onError = (error: unknown): never => {
    if (this.#call.signal?.aborted === true || !(error instanceof ChatError)) this.#end('cancelled')
    else this.#end('failed', { error, usage: error.partial?.usage })
    throw error
  }

  #end(outcome: AttemptReport['outcome'], more: Pick<AttemptReport, 'error' | 'usage'> = {}): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    const { onAttempt, elapsedMs: startedMs = 0 } = this.#call
    const totalMs = this.#clock.now() - this.#startedAt
    quietly(onAttempt, {
      provider: this.#provider,
      outcome,
      ...more,
      startedMs,
      firstTokenMs: this.#firstTokenMs,
      totalMs,
    })
  }
}
