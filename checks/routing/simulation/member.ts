import { ChatError, type ChatEvent, type ChatRequest, type Clock, type ErrorCode } from '@rivulet/core'
import { type Batches, chatStream } from '@rivulet/core/provider'
import type { Provider, ProviderInfo } from '@rivulet/core'

/** What happens next in an answer, so long after what happened before. */
export type Step = { afterMs: number } & ({ events: readonly ChatEvent[] } | { error: Error })

export interface Asked {
  /** How many were asked before. */
  index: number
  /** In the clock's milliseconds. */
  now: number
  /** How many answers are under way, this one included. */
  inFlight: number
  request: ChatRequest
}

/** A provider whose answers are made up, in virtual time. */
export interface Member extends Provider {
  /** How many requests it had. */
  asked: number
  /** How many answers are under way: 0 when nobody waits for anything. */
  inFlight: number
}

/** A member that answers as `answer` says; after the last step it says no more. */
export function member(
  id: string,
  clock: Clock,
  answer: (asked: Asked) => readonly Step[],
  info: Partial<ProviderInfo> = {},
): Member {
  const made: Member = {
    id,
    info: { name: id, url: '', auth: 'none', streaming: true, models: [{ id: 'm' }], settings: [], ...info },
    asked: 0,
    inFlight: 0,
    stream: (request, call) =>
      chatStream(call?.signal, () => {
        made.inFlight++
        const steps = answer({ index: made.asked++, now: clock.now(), inFlight: made.inFlight, request })
        return new Played(steps, clock, call?.signal, () => {
          made.inFlight--
        })
      }),
  }
  return made
}

class Played implements Batches {
  readonly #steps: readonly Step[]
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  readonly #onEnd: () => void
  #at = 0
  #over = false
  #cancel: (() => void) | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(steps: readonly Step[], clock: Clock, signal: AbortSignal | undefined, onEnd: () => void) {
    this.#steps = steps
    this.#clock = clock
    this.#signal = signal
    this.#onEnd = onEnd
    if (signal?.aborted === true) this.#end()
    else signal?.addEventListener('abort', this.#onAbort)
  }

  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#signal?.aborted === true) {
        // The caller's reason is what the caller gets.
        reject(this.#signal.reason as Error)
        return
      }
      const step = this.#steps[this.#at++]
      if (this.#over || step === undefined) {
        if (this.#over) resolve({ done: true, value: undefined })
        else this.#reject = reject
        return
      }
      this.#reject = reject
      this.#cancel = this.#clock.after(step.afterMs, () => {
        if ('error' in step) {
          this.#end()
          reject(step.error)
          return
        }
        if (step.events.at(-1)?.type === 'finish') this.#end()
        resolve({ done: false, value: step.events })
      })
    })
  }

  close(): void {
    this.#end()
  }

  readonly #onAbort = (): void => {
    this.#end()
    this.#reject?.(this.#signal?.reason)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#cancel?.()
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#onEnd()
  }
}

/** An answer of two pieces: its first content after so many milliseconds, its end so many later. */
export function answerOf(id: string, firstMs: number, restMs: number): readonly Step[] {
  return [
    {
      afterMs: firstMs,
      events: [
        { type: 'start', provider: id, model: 'm' },
        { type: 'text', text: 'Hello' },
      ],
    },
    {
      afterMs: restMs,
      events: [
        { type: 'text', text: ', world' },
        { type: 'finish', reason: 'stop' },
      ],
    },
  ]
}

/** A failure after so many milliseconds, before any content. */
export function failureOf(id: string, code: ErrorCode, afterMs: number, retryAfterMs?: number): readonly Step[] {
  return [{ afterMs, error: new ChatError(code, `${id}: ${code}`, { provider: id, retryAfterMs }) }]
}
