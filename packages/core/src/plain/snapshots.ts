import type { ChatEvent, ChatResult } from '../chat.ts'
import { Collector } from '../reading/collector.ts'
import { type Batches, batchesOf, trustedStream } from '../stream.ts'
import { partialJson } from './partial-json.ts'
import type { Typed } from './typed.ts'

/** What may be missing of an object that is still being written. */
export type PartialObject<T> = T extends readonly (infer Item)[]
  ? PartialObject<Item>[]
  : T extends object
    ? { [Key in keyof T]?: PartialObject<T[Key]> | undefined }
    : T

/**
 * The answer so far: a whole one when it has a `reason`. Its fields are joined when they are first read, as the answer is then,
 * and kept: what is not read costs nothing.
 */
export interface Snapshot<T = unknown> extends ChatResult {
  /** With a schema: what is whole of the object so far; validated in the last snapshot. */
  readonly object?: T | PartialObject<T> | undefined
}

/** The answer so far, once for each read: after a restart it begins again, so that whoever draws it needs no line for that. */
export function snapshotsOf<T>(
  stream: AsyncIterable<ChatEvent>,
  signal: AbortSignal | undefined,
  typed: Typed<T> | undefined,
): AsyncIterable<Snapshot<T>, undefined> {
  return trustedStream<Snapshot<T>>(signal, () => snapshotBatches(batchesOf(stream, signal), signal, typed))
}

function snapshotBatches<T>(
  batches: Batches,
  signal: AbortSignal | undefined,
  typed: Typed<T> | undefined,
): Batches<Snapshot<T>> {
  const collector = new Collector()
  return {
    async next() {
      const read = await batches.next()
      if (read.done === true) return read
      for (const event of read.value) collector.add(event)
      const isWhole = read.value.at(-1)?.type === 'finish'
      const whole = isWhole ? await typed?.read(collector.result(), signal) : undefined
      const object = (): unknown => whole ?? (typed && partialJson(collector.result().text))
      return { done: false, value: [new AnswerSoFar(collector, object) as Snapshot<T>] }
    },
    close() {
      batches.close()
    },
  }
}

class AnswerSoFar implements Snapshot {
  readonly #collector: Collector
  readonly #readObject: () => unknown
  #kept: ChatResult | undefined
  #object: { value: unknown } | undefined

  constructor(collector: Collector, readObject: () => unknown) {
    this.#collector = collector
    this.#readObject = readObject
  }

  get #result(): ChatResult {
    return (this.#kept ??= this.#collector.result())
  }

  get object(): unknown {
    return (this.#object ??= { value: this.#readObject() }).value
  }

  get provider(): ChatResult['provider'] {
    return this.#result.provider
  }

  get model(): ChatResult['model'] {
    return this.#result.model
  }

  get id(): ChatResult['id'] {
    return this.#result.id
  }

  get content(): ChatResult['content'] {
    return this.#result.content
  }

  get text(): ChatResult['text'] {
    return this.#result.text
  }

  get reasoning(): ChatResult['reasoning'] {
    return this.#result.reasoning
  }

  get toolCalls(): ChatResult['toolCalls'] {
    return this.#result.toolCalls
  }

  get dropped(): ChatResult['dropped'] {
    return this.#result.dropped
  }

  get reason(): ChatResult['reason'] {
    return this.#result.reason
  }

  get usage(): ChatResult['usage'] {
    return this.#result.usage
  }

  get skipped(): ChatResult['skipped'] {
    return this.#result.skipped
  }

  /** For what is sent on and for a console: getters are not enumerable. */
  toJSON(): object {
    const { object } = this
    return { ...this.#result, ...(object !== undefined && { object }) }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): object {
    return this.toJSON()
  }
}
