import { ChatError, type ChatEvent, type ChatRequest, type Layer } from '@rivulet/core'
import { type Batches, batchesOf, copyRequest, streamOf, trustedStream, wrap } from '@rivulet/core/provider'
import { withoutThoughts } from '@rivulet/protocol-anthropic'
import { type ClaudeModel, MODELS } from './models.ts'

/**
 * How the API says that it does not take its own thoughts back, because anything before them has changed since, or the account
 * has; and that it misses one.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking (2026-11-20)
 * @see https://github.com/anthropics/anthropic-sdk-python/issues/1598 (2026-08-05)
 */
const REFUSES = /`?signature`? in `?thinking`? block|`?thinking`? or `?redacted_thinking`?/i
const MISSES = /expected `?thinking/i

/**
 * An endpoint that refuses its own thoughts is asked once more, without the thoughts of earlier turns: an agent would send the
 * same conversation for ever. Thinking is turned off where a thought is insisted on. The answer names both.
 */
export const withoutRefusedThoughts: Layer = (next) =>
  wrap(next, {
    stream(request, call) {
      const first = streamOf(next, request, call)
      // A first question has no thoughts. What came over the wire is a text, and needs no copy.
      const isLater = request.messages.some(({ role }) => role === 'assistant')
      if (!isLater) return first
      const asked = request.native === undefined ? copyRequest(request) : { ...request }
      return trustedStream(
        call?.signal,
        () => new SecondAsk(first, asked, (again) => streamOf(next, again, call), call?.signal),
      )
    },
  })

class SecondAsk implements Batches {
  #inner: Batches
  readonly #request: ChatRequest
  readonly #again: (request: ChatRequest) => AsyncIterable<ChatEvent>
  readonly #signal: AbortSignal | undefined
  /** Names what the second question leaves out; absent until there is one. */
  #dropped: readonly string[] | undefined
  #hasBegun = false
  #closed = false

  constructor(
    first: AsyncIterable<ChatEvent>,
    request: ChatRequest,
    again: (request: ChatRequest) => AsyncIterable<ChatEvent>,
    signal: AbortSignal | undefined,
  ) {
    this.#inner = batchesOf(first, signal)
    this.#request = request
    this.#again = again
    this.#signal = signal
  }

  next(): ReturnType<Batches['next']> {
    return this.#hasBegun ? this.#inner.next() : this.#first()
  }

  close(): void {
    this.#closed = true
    this.#inner.close()
  }

  async #first(): ReturnType<Batches['next']> {
    try {
      const read = await this.#inner.next()
      this.#hasBegun = true
      const dropped = this.#dropped
      if (dropped === undefined || read.done === true) return read
      return { done: false, value: read.value.map((event) => named(event, dropped)) }
    } catch (error) {
      if (this.#closed || this.#dropped !== undefined || this.#signal?.aborted === true || !isRefusal(error))
        throw error
      const off = insists(this.#request) || MISSES.test(error.message)
      const { reasoning } = this.#request
      const isOff = off && reasoning !== undefined && reasoning !== 'none'
      this.#dropped = ['reasoning of earlier turns', ...(isOff ? [`reasoning: '${reasoning}' sent as 'none'`] : [])]
      this.#inner = batchesOf(this.#again(withoutThoughts(this.#request, { off })), this.#signal)
      return this.#first()
    }
  }
}

const isRefusal = (error: unknown): error is ChatError =>
  error instanceof ChatError && error.code === 'bad-request' && REFUSES.test(error.message)

/** Whether thinking was asked for by a budget. */
function insists({ model, native, reasoning }: ChatRequest): boolean {
  if (native !== undefined) return /"thinking"\s*:\s*\{[^{}]*"enabled"/.test(native.text)
  const models: readonly ClaudeModel[] = MODELS
  const found = models.find(({ id }) => model === id || model.replace(/-\d{8}$/, '') === id)
  return found?.thinking === 'budget' && reasoning !== undefined
}

const named = (event: ChatEvent, names: readonly string[]): ChatEvent =>
  event.type === 'start' ? { ...event, dropped: [...(event.dropped ?? []), ...names] } : event
