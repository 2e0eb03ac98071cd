import { ChatError, type ChatEvent, type ToolRunEvent } from '@rivulet/core'
import { failureReason } from '../answer/finish-reason.ts'
import { PartWriter } from '../answer/part-writer.ts'
import type { UIChunk } from './chunk.ts'
import { chunksOfPart } from './chunks-of-part.ts'

type ToolResult = Exclude<ToolRunEvent, ChatEvent>
type Finish = Extract<ChatEvent, { type: 'finish' }>

/** What the caller decides. */
export interface ChunkOptions {
  messageId: string | undefined
  onError: (error: unknown) => string
  messageMetadata: ((event: ChatEvent) => unknown) | undefined
}

/**
 * Writes the events of an answer or of a tool run as chunks of one message: each answer is a step, and a restart resets it. Calls
 * are given as ready only when their answer is whole, because a page may run them at once.
 */
export class ChunkWriter {
  readonly #options: ChunkOptions
  #chunks: UIChunk[] = []
  #writer = newWriter()
  #hasStarted = false
  #hasResults = false
  /** Calls that are whole, and what is asked about them. */
  #held: UIChunk[] = []

  constructor(options: ChunkOptions) {
    this.#options = options
  }

  write(events: readonly ToolRunEvent[]): UIChunk[] {
    for (const event of events) {
      switch (event.type) {
        case 'restart':
          this.#restart()
          break
        case 'tool-result':
          this.#result(event)
          break
        case 'finish':
          this.#finish(event)
          break
        default:
          this.#event(event)
      }
    }
    return this.#take()
  }

  /** The end of an answer that failed, or that its caller has aborted. */
  fail(error: unknown): UIChunk[] {
    this.#begin()
    if (error instanceof Error && error.name === 'AbortError')
      this.#chunks.push({ type: 'abort', reason: error.message })
    else {
      const code = error instanceof ChatError ? error.code : undefined
      for (const part of this.#writer.fail(error, error)) this.#chunks.push(...chunksOfPart(part))
      this.#chunks.push({ type: 'error', errorText: this.#options.onError(error) })
      this.#chunks.push({ type: 'finish-step' }, { type: 'finish', finishReason: failureReason(code).unified })
    }
    return this.#take()
  }

  #take(): UIChunk[] {
    const chunks = this.#chunks
    this.#chunks = []
    return chunks
  }

  #begin(event?: ChatEvent): void {
    if (!this.#hasStarted) {
      const { messageId } = this.#options
      // The caller's function may throw: then the failure begins the message.
      const start = { ...(messageId !== undefined && { messageId }), ...this.#metadata(event) }
      this.#hasStarted = true
      this.#chunks.push({ type: 'start', ...start }, { type: 'start-step' })
    }
    if (!this.#hasResults) return
    // The answer that follows the results is a step of its own.
    this.#hasResults = false
    this.#writer = newWriter()
    this.#chunks.push({ type: 'finish-step' }, { type: 'start-step' })
  }

  #event(event: ChatEvent): void {
    this.#begin(event)
    this.#give(this.#writer.write([event]).flatMap(chunksOfPart))
  }

  #give(chunks: readonly UIChunk[]): void {
    for (const chunk of chunks) {
      const isAction = chunk.type === 'tool-input-available' || chunk.type === 'tool-approval-request'
      ;(isAction ? this.#held : this.#chunks).push(chunk)
    }
  }

  /** The answer is whole: a page may act on its calls. */
  #release(): void {
    this.#chunks.push(...this.#held)
    this.#held = []
  }

  #restart(): void {
    this.#begin()
    this.#writer = newWriter()
    this.#held = []
    this.#chunks.push({ type: 'reset-step' })
  }

  #result({ id: toolCallId, content, isError }: ToolResult): void {
    this.#hasResults = true
    this.#give(this.#writer.close().flatMap(chunksOfPart))
    this.#release()
    if (!isError) this.#chunks.push({ type: 'tool-output-available', toolCallId, output: content })
    else {
      const errorText = typeof content === 'string' ? content : JSON.stringify(content)
      this.#chunks.push({ type: 'tool-output-error', toolCallId, errorText })
    }
  }

  #finish(event: Finish): void {
    this.#event(event)
    this.#release()
    const metadata = this.#metadata(event)
    this.#chunks.push({ type: 'finish-step' }, { type: 'finish', finishReason: event.reason, ...metadata })
  }

  #metadata(event: ChatEvent | undefined): { messageMetadata?: unknown } {
    const messageMetadata = event && this.#options.messageMetadata?.(event)
    return messageMetadata === undefined ? {} : { messageMetadata }
  }
}

const newWriter = (): PartWriter => new PartWriter({ provider: '', model: '' }, [])
