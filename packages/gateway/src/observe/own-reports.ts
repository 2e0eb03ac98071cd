import { type AttemptReport, ChatError, type Clock, type Layer, type Usage } from '@rivulet/core'
import { isContent, mapBatches, quietly, streamOf, trustedStream, wrap } from '@rivulet/core/provider'

/** Reports each call of a provider that is asked alone as an attempt, as a group does of its members. */
export const ownReports =
  (clock: Clock): Layer =>
  (next) =>
    wrap(next, {
      stream(request, call) {
        const inner = streamOf(next, request, call)
        const { onAttempt: tell, signal, elapsedMs: startedMs = 0 } = call ?? {}
        if (tell === undefined) return inner
        return trustedStream(signal, () => {
          const startedAt = clock.now()
          let firstTokenMs: number | undefined
          let usage: Usage | undefined
          let hasEnded = false
          const end = (outcome: AttemptReport['outcome'], error?: ChatError): void => {
            if (hasEnded) return
            hasEnded = true
            const totalMs = clock.now() - startedAt
            quietly(tell, { provider: next.id, outcome, error, usage, startedMs, firstTokenMs, totalMs })
          }
          return mapBatches(inner, {
            signal,
            batch(events) {
              if (firstTokenMs === undefined && events.some(isContent)) firstTokenMs = clock.now() - startedAt
              const last = events.at(-1)
              if (last?.type === 'finish') {
                usage = last.usage
                end('answered')
              }
              return events
            },
            error(error) {
              if (signal?.aborted === true || !(error instanceof ChatError)) end('cancelled')
              else {
                usage = error.partial?.usage
                end('failed', error)
              }
            },
            close: () => {
              end('cancelled')
            },
          })
        })
      },
    })
