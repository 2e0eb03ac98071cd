import { ChatError, cost, type Layer, type Usage } from '@rivulet/core'
import { addUsage, mapBatches, trustedStream, wrap } from '@rivulet/core/provider'

/** More names than this are counted together. */
const MAX_NAMES = 100

/** Counts by name. */
class Counts {
  readonly #counts = new Map<string, number>()

  add(name: string): void {
    const key = this.#counts.has(name) || this.#counts.size < MAX_NAMES ? name : 'others'
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** The most first. */
  get all(): readonly (readonly [name: string, count: number])[] {
    return [...this.#counts].sort(([, one], [, other]) => other - one)
  }

  get total(): number {
    return this.all.reduce((sum, [, count]) => sum + count, 0)
  }
}

/** Counts what a client asks, what providers are asked for it, and what comes of it. */
export class Tally {
  /** The requests of the client. */
  asked = 0
  /** Those that it has seen fail. */
  failed = 0
  /** Answers that were begun anew, or went on elsewhere, after their first content. */
  begunAnew = 0
  wentOn = 0
  /** The requests to providers, by provider and model; those that have failed, by provider and code. */
  readonly sent = new Counts()
  readonly broken = new Counts()
  /** Of all answers that have said it. */
  usage: Usage | undefined
  usd = 0
  /** There were answers without usage, or without a price. */
  hasUnknownUsage = false
  hasUnknownCost = false

  /** For what the client asks. */
  readonly client: Layer = (next) =>
    wrap(next, {
      stream: (request, call) => {
        this.asked++
        const inner = next.stream(request, call)
        return trustedStream(call?.signal, () =>
          mapBatches(inner, {
            signal: call?.signal,
            batch: (events) => {
              for (const { type } of events) {
                if (type === 'restart') this.begunAnew++
                else if (type === 'resume') this.wentOn++
              }
              return events
            },
            error: (error) => {
              if (error instanceof ChatError) this.failed++
            },
          }),
        )
      },
    })

  /** For each provider, inside everything that asks again. */
  readonly provider: Layer = (next) =>
    wrap(next, {
      stream: (request, call) => {
        const inner = next.stream(request, call)
        const { id } = next
        const { model } = request
        const price = next.info.models.find((each) => each.id === model) ?? {}
        let isOver = false
        const ended = (usage: Usage | undefined): void => {
          isOver = true
          const usd = usage && cost(usage, price)
          this.usage = addUsage(this.usage, usage)
          this.hasUnknownUsage ||= usage === undefined
          this.hasUnknownCost ||= usd === undefined
          this.usd += usd ?? 0
        }
        return trustedStream(call?.signal, () => {
          this.sent.add(`${id}/${model}`)
          return mapBatches(inner, {
            signal: call?.signal,
            batch: (events) => {
              const last = events.at(-1)
              if (last?.type === 'finish') ended(last.usage)
              return events
            },
            error: (error) => {
              if (!(error instanceof ChatError)) return
              this.broken.add(`${id} ${error.code}`)
              // Before its first content, an answer costs nothing.
              if (error.partial !== undefined) ended(error.partial.usage)
            },
            // An answer that was left early does not say what it cost.
            close: () => {
              if (!isOver) ended(undefined)
            },
          })
        })
      },
    })
}
