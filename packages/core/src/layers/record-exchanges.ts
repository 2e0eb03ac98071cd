import { checkOptions } from '../check/check.ts'
import type { RecordedExchange } from '../http/exchange-recorder.ts'
import type { Layer } from '../provider.ts'
import { chatStream } from '../stream.ts'
import { mapBatches } from './map-batches.ts'
import { wrap } from './wrap.ts'

export interface RecordExchangesOptions {
  /** The path of a file (Node only), overwritten by each exchange; or a function that is given each. */
  to: string | ((exchange: RecordedExchange) => void)
}

const OPTIONS: Readonly<Record<keyof RecordExchangesOptions, true>> = { to: true }

/**
 * Records each exchange as it went over the wire: request, headers, and the body with its chunking and timing. Credentials
 * are cut out by their value wherever they occur. Only providers made by `httpProvider()` have exchanges to record.
 * `replay()` of `@rivulet/testkit` plays a recording back.
 *
 * A reader that reads a stream to its end, or to its failure, finds the recording complete.
 *
 * @throws TypeError for a `to` that is neither a path nor a function, and for a path where there are no files.
 * @example
 * await collect(pipe(lockchat(), recordExchanges({ to: 'test/fixtures/hello.json' })).stream(request))
 */
export function recordExchanges(options: RecordExchangesOptions): Layer {
  checkOptions('recordExchanges', options, OPTIONS)
  const { to } = options
  const keep = typeof to === 'string' ? toFile(to) : to
  if (typeof (keep as unknown) !== 'function')
    throw new TypeError('recordExchanges: to must be the path of a file or a function.')
  return (next) =>
    wrap(next, {
      stream(request, call) {
        const kept: Promise<void>[] = []
        const onExchange = (exchange: Promise<RecordedExchange>): void => {
          kept.push(exchange.then(keep))
          call?.onExchange?.(exchange)
        }
        const inner = next.stream(request, { ...call, onExchange })
        const allKept = async (): Promise<void> => {
          await Promise.all(kept)
        }
        return chatStream(call?.signal, () =>
          mapBatches(inner, {
            end: allKept,
            error: async (error) => {
              await allKept()
              return error
            },
            close() {
              // The reader is gone: nobody is left to hear that it could not be kept.
              allKept().catch(() => undefined)
            },
          }),
        )
      },
    })
}

function toFile(path: string): (exchange: RecordedExchange) => void {
  const fs = typeof process === 'undefined' ? undefined : process.getBuiltinModule('node:fs')
  if (fs === undefined) throw new TypeError('recordExchanges: there are no files here: give a function as to.')
  return (exchange) => {
    fs.writeFileSync(path, `${JSON.stringify(exchange, undefined, 2)}\n`)
  }
}
