import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { checkOptions } from '../check/check.ts'
import type { RecordedExchange } from '../http/exchange-recorder.ts'
import type { Layer } from '../provider.ts'
import { trustedStream } from '../stream.ts'
import { mapBatches } from './map-batches.ts'
import { streamOf } from '../stream-of.ts'
import { wrap } from './wrap.ts'

export interface RecordExchangesOptions {
  /**
   * The path of a file (Node only) that each exchange overwrites, or a function that is called with each exchange. When it
   * fails, a stream that is read to its end throws why; a stream that fails throws its own failure.
   */
  to: string | ((exchange: RecordedExchange) => unknown)
}

const OPTIONS: Readonly<Record<keyof RecordExchangesOptions, true>> = { to: true }

/**
 * Records each exchange as it went over the wire: request, headers, and the body with its chunks and their timing. Credentials
 * are redacted by value wherever they occur. Only providers made by `httpProvider()` have exchanges to record.
 * `replay()` of `@rivulet/testkit` plays a recording back.
 *
 * When a stream has been read to its end or to its failure, the recording is complete.
 *
 * @throws TypeError for a `to` that is neither a path nor a function, and for a path in a runtime without a file system.
 * @example
 * await collect(pipe(lockchat(), recordExchanges({ to: 'test/fixtures/hello.json' })).stream(request))
 */
export function recordExchanges(options: RecordExchangesOptions): Layer {
  checkOptions('recordExchanges', options, OPTIONS)
  const { to } = options
  const save = typeof to === 'string' ? toFile(to) : to
  if (typeof (save as unknown) !== 'function')
    throw new TypeError('recordExchanges: to must be the path of a file or a function.')
  return (next) =>
    wrap(next, {
      stream(request, call) {
        const saves: Promise<unknown>[] = []
        const onExchange = (exchange: Promise<RecordedExchange>): void => {
          const saved = exchange.then(save)
          // Its failure is for the reader, who may be a long way from the end.
          saved.catch(() => undefined)
          saves.push(saved)
          quietly(call?.onExchange, exchange)
        }
        const inner = streamOf(next, request, { ...call, onExchange })
        const signal = call?.signal
        const allSaved = async (): Promise<void> => {
          // An abort ends the wait for one that hangs, and does not affect the answer, which is complete.
          await unlessAborted(Promise.all(saves), signal).catch((error: unknown) => {
            if (signal?.aborted !== true) throw error
          })
        }
        return trustedStream(call?.signal, () =>
          mapBatches(inner, {
            signal: call?.signal,
            end: allSaved,
            async error() {
              // The stream's own failure says more than that of its recording.
              // An abort waits for what is saved in the same turn only: one that hangs must not hold it.
              const soon = signal?.aborted === true ? [new Promise((resolve) => setTimeout(resolve))] : []
              await Promise.race([Promise.allSettled(saves), ...soon])
            },
          }),
        )
      },
    })
}

function toFile(path: string): (exchange: RecordedExchange) => void {
  const fs = typeof process === 'undefined' ? undefined : process.getBuiltinModule('node:fs')
  if (fs === undefined) throw new TypeError('recordExchanges: this runtime has no file system: pass a function as to.')
  return (exchange) => {
    fs.writeFileSync(path, `${JSON.stringify(exchange, undefined, 2)}\n`)
  }
}
