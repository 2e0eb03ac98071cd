import type { ChatEvent, ChatResult } from '@rivulet/core'
import { type AnswerWriter, Collector } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { writeDetails } from '../reasoning-details.ts'
import type { AnswerOptions } from './answer-options.ts'
import { callFields } from './call-fields.ts'
import { writeError } from './errors.ts'
import { writeFinishReason } from './finish-reason.ts'
import { sealedEvents } from './sealed-events.ts'
import { writeUsage } from './usage.ts'

/** Writes one answer in one piece, when it has ended. */
export class DocumentWriter implements AnswerWriter {
  readonly contentType = 'application/json'
  readonly #options: AnswerOptions
  readonly #collector = new Collector()
  readonly #seal: (event: ChatEvent) => ChatEvent
  #hasEnded = false

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#seal = sealedEvents(options.seal)
  }

  write(events: readonly ChatEvent[]): string {
    for (const event of events) {
      if (this.#hasEnded) return ''
      this.#collector.add(this.#seal(event))
      if (event.type !== 'finish') continue
      this.#hasEnded = true
      return JSON.stringify(documentOf(this.#collector.result(), this.#options))
    }
    return ''
  }

  ping(): string {
    return ''
  }

  fail(error: unknown): string {
    this.#hasEnded = true
    return writeError(error).body
  }
}

function documentOf(result: ChatResult, { id, created, model }: AnswerOptions): object {
  const { content, text, reasoning, toolCalls, usage, reason = 'stop' } = result
  const thoughts = content.filter((part) => part.type === 'reasoning')
  const isProved = thoughts.some((thought) => thought.signature !== undefined || thought.sealed !== undefined)
  const calls = toolCalls.map((call) => callFields(call))
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(isProved && { reasoning_details: thoughts.flatMap((thought) => writeDetails(thought)) }),
    ...nativeFields(content),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
  return {
    id: result.id ?? id,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: writeFinishReason(reason) }],
    ...(usage !== undefined && { usage: writeUsage(usage) }),
  }
}

/** What only this dialect has a word for; of lists, all items. */
function nativeFields(content: ChatResult['content']): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const part of content) {
    if (part.type !== 'native' || part.dialect !== DIALECT) continue
    for (const [name, value] of Object.entries(part.value)) {
      const before = fields[name]
      fields[name] =
        Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value
    }
  }
  return fields
}
