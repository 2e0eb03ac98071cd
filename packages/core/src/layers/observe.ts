import type { ChatEvent, Usage } from '../chat.ts'
import { checkOptions } from '../check/check.ts'
import { type Clock, systemClock } from '../async/clock.ts'
import { isContent } from '../reading/is-content.ts'
import type { Layer } from '../provider.ts'
import { type Batches, batchesOf, chatStream } from '../stream.ts'

/** What became of one call. Times are milliseconds from dispatch; a time is absent when it did not come to that. */
export interface Observation {
  /** Who was asked; {@link Observation.answeredBy} says who answered. */
  provider: string
  /** The model that was asked for. */
  model: string
  /** The provider of the last `start`: a member's, where the provider is a group. */
  answeredBy?: string | undefined
  outcome: 'finished' | 'failed' | 'aborted' | 'cancelled'
  /** What was thrown, when it failed or was aborted. */
  error?: unknown | undefined
  connectMs?: number | undefined
  firstTokenMs?: number | undefined
  totalMs: number
  events: number
  usage?: Usage | undefined
}

export interface ObserveOptions {
  /** Called once for each call, when it is over: finished, failed, aborted, or left by its reader. */
  onEnd?: ((observation: Observation) => void) | undefined
  /** Called for each event, before the reader has it. */
  onEvent?: ((event: ChatEvent) => void) | undefined
  /** @default the system's */
  clock?: Clock | undefined
}

/**
 * Looks on. Changes nothing, keeps nothing; what it calls must not throw.
 *
 * @example
 * pipe(provider, observe({ onEnd: ({ outcome, firstTokenMs }) => metrics.record(outcome, firstTokenMs) }))
 */
export function observe(options: ObserveOptions): Layer {
  checkOptions('observe', options, ['onEnd', 'onEvent', 'clock'])
  const clock = options.clock ?? systemClock
  return (next) => ({
    ...next,
    stream(request, call) {
      const seen: Observation = { provider: next.id, model: request.model, outcome: 'cancelled', totalMs: 0, events: 0 }
      let startedAt = 0
      const since = (): number => clock.now() - startedAt
      const onConnect = (): void => {
        seen.connectMs = since()
        call?.onConnect?.()
      }
      const inner = next.stream(request, { ...call, onConnect })
      return chatStream(call?.signal, () => {
        startedAt = clock.now()
        return observed(batchesOf(inner), seen, since, options, call?.signal)
      })
    },
  })
}

function observed(
  inner: Batches,
  seen: Observation,
  since: () => number,
  { onEnd, onEvent }: ObserveOptions,
  signal: AbortSignal | undefined,
): Batches {
  let over = false
  const end = (outcome: Observation['outcome']): void => {
    if (over) return
    over = true
    seen.outcome = outcome
    seen.totalMs = since()
    onEnd?.(seen)
  }
  const look = (event: ChatEvent): void => {
    seen.events++
    if (event.type === 'start') seen.answeredBy = event.provider
    else if (event.type === 'finish' && event.usage !== undefined) seen.usage = event.usage
    if (seen.firstTokenMs === undefined && isContent(event)) seen.firstTokenMs = since()
    onEvent?.(event)
  }
  return {
    async next() {
      try {
        const read = await inner.next()
        if (read.done === true) {
          end('finished')
          return read
        }
        read.value.forEach(look)
        if (read.value.at(-1)?.type === 'finish') end('finished')
        return read
      } catch (error) {
        seen.error = error
        end(signal?.aborted === true ? 'aborted' : 'failed')
        throw error
      }
    },
    close() {
      if (!over && signal?.aborted === true) seen.error = signal.reason
      end(signal?.aborted === true ? 'aborted' : 'cancelled')
      inner.close()
    },
  }
}
