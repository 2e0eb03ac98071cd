import type { ChatEvent, ChatResult } from '@rivulet/core'
import { type AnswerWriter, Collector } from '@rivulet/core/provider'
import { DIALECT } from '../wire-part.ts'
import type { AnswerOptions } from './answer-options.ts'
import { writeError } from './errors.ts'
import { isProved, sealedEvents } from './sealed-events.ts'
import { FINISH_REASONS, isCutOff, metadataOf, writePart } from './write-parts.ts'
import { writeUsage } from './write-usage.ts'

/** Writes one answer in one piece, when it has ended. A document of an endpoint of this dialect is passed on. */
export class DocumentWriter implements AnswerWriter {
  readonly contentType = 'application/json'
  readonly #options: AnswerOptions
  readonly #collector = new Collector()
  readonly #seal: (event: ChatEvent) => ChatEvent
  /** The document, if there is one and nothing else. */
  #document: string | undefined
  #frames = 0
  #hasEnded = false

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#seal = sealedEvents(options.seal)
  }

  write(events: readonly ChatEvent[]): string {
    for (const event of events) {
      if (this.#hasEnded) return ''
      this.#collector.add(this.#seal(event))
      if (event.type === 'raw') {
        const isWhole = this.#frames++ === 0 && event.dialect === DIALECT && event.label !== 'mended'
        this.#document = isWhole ? event.data : undefined
      } else if (event.type === 'restart' || event.type === 'resume' || (this.#options.seal && isProved(event))) {
        // What follows is another answer, or its signatures are to be sealed.
        this.#frames = event.type === 'restart' ? 0 : 1
        this.#document = undefined
      } else if (event.type === 'finish') {
        this.#hasEnded = true
        return this.#document ?? documentOf(this.#collector.result(), this.#options)
      }
    }
    return ''
  }

  ping(): string {
    return ''
  }

  fail(error: unknown): string {
    if (this.#hasEnded) return ''
    this.#hasEnded = true
    return writeError(error).body
  }
}

function documentOf(result: ChatResult, { id, model, includeThoughts }: AnswerOptions): string {
  const { content, reason = 'stop', usage } = result
  const whole = content.filter((part) => !isCutOff(part, reason))
  const parts = whole.map((part) => writePart(part, includeThoughts)).filter((json) => json !== undefined)
  const about = { finishReason: FINISH_REASONS[reason], index: 0 }
  for (const part of content) Object.assign(about, metadataOf(part))
  const rest = {
    ...(usage !== undefined && { usageMetadata: writeUsage(usage) }),
    modelVersion: model,
    responseId: result.id ?? id,
  }
  const candidate = `{"content":{"parts":[${parts.join(',')}],"role":"model"},${JSON.stringify(about).slice(1)}`
  return `{"candidates":[${candidate}],${JSON.stringify(rest).slice(1)}`
}
