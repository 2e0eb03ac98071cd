import { checkOptions } from '../check/check.ts'
import type { Layer } from '../provider.ts'
import { type Batches, batchesOf, chatStream } from '../stream.ts'
import type { RecordedExchange } from '../http/exchange-recorder.ts'

export interface RecordExchangesOptions {
  /** A file (Node only), overwritten by each exchange; or what is to be done with each. */
  to: string | ((exchange: RecordedExchange) => void)
}

/**
 * Records each exchange as it went over the wire: request, headers, and the body with its chunking and timing. Credentials
 * are taken out by their value wherever they stand. Of providers that are not made by `httpProvider()`, there is nothing to
 * record. `replay()` of `@rivulet/testkit` plays a recording back.
 *
 * @example
 * await collect(pipe(lockchat(), record({ to: 'test/fixtures/hello.json' })).stream(request))
 */
export function recordExchanges(options: RecordExchangesOptions): Layer {
  checkOptions('record', options, ['to'])
  const { to } = options
  const keep = typeof to === 'string' ? toFile(to) : to
  if (typeof (keep as unknown) !== 'function')
    throw new TypeError('record: to must be the path of a file or a function.')
  return (next) => ({
    ...next,
    stream(request, call) {
      const kept: Promise<void>[] = []
      const onExchange = (exchange: Promise<RecordedExchange>): void => {
        kept.push(exchange.then(keep))
        call?.onExchange?.(exchange)
      }
      const inner = next.stream(request, { ...call, onExchange })
      return chatStream(call?.signal, () => recorded(batchesOf(inner), kept))
    },
  })
}

/** Who reads a stream to its end, or to its failure, finds what was recorded. */
function recorded(inner: Batches, kept: readonly Promise<void>[]): Batches {
  return {
    async next() {
      try {
        const read = await inner.next()
        if (read.done === true) await Promise.all(kept)
        return read
      } catch (error) {
        await Promise.all(kept)
        throw error
      }
    },
    close() {
      inner.close()
      // Nobody is left to hear that it could not be kept.
      Promise.all(kept).catch(() => undefined)
    },
  }
}

function toFile(path: string): (exchange: RecordedExchange) => void {
  const fs = typeof process === 'undefined' ? undefined : process.getBuiltinModule('node:fs')
  if (fs === undefined) throw new TypeError('record: there are no files here: give a function as to.')
  return (exchange) => {
    fs.writeFileSync(path, `${JSON.stringify(exchange, undefined, 2)}\n`)
  }
}
