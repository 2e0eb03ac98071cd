import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { ChatError, type ChatEvent, type ChatRequest, type ChatResult } from '@rivulet/core'
import {
  type Batches,
  ChildAbort,
  Collector,
  type DecodedEvent,
  keepPartial,
  quietly,
  unwrapTextCalls,
} from '@rivulet/core/provider'
import { chatError } from './chat-error.ts'
import { PartReader, type Reading } from './part-reader.ts'

type Read = IteratorResult<readonly ChatEvent[], undefined>

const DONE: Read = { done: true, value: undefined }

/** What is asked of a model. */
export interface Question extends Reading {
  model: LanguageModelV4
  request: ChatRequest
  options: Omit<LanguageModelV4CallOptions, 'abortSignal'>
  signal: AbortSignal | undefined
}

/** The answer of an AI SDK model, as batches of events. Closing it aborts the call and cancels the stream. */
export class ModelAnswer implements Batches {
  readonly #question: Question
  readonly #reader: PartReader
  readonly #abort = new ChildAbort()
  /** What has come, for an abort: nothing is added to its reason. */
  readonly #collector = new Collector()
  #parts: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined
  #events: ChatEvent[] = []
  readonly #emit: (event: DecodedEvent) => void
  #isOver = false

  constructor(question: Question) {
    this.#question = question
    this.#reader = new PartReader(question)
    this.#abort.onFollowed = this.#keepPartial
    // Text tools that were sent as functions; the others come back as text.
    const { request, textTools } = question
    const wrapped = request.tools?.filter((tool) => tool.type === 'text' && !textTools.has(tool.name))
    const keep = (event: DecodedEvent): void => {
      // Only events of the reader come here, and those are whole.
      this.#events.push(event as ChatEvent)
    }
    this.#emit = unwrapTextCalls(wrapped, keep)
  }

  async next(): Promise<Read> {
    if (this.#isOver) return DONE
    try {
      const events = await this.#read()
      if (events === undefined) {
        this.#isOver = true
        this.#abort.release()
        return DONE
      }
      for (const event of events) this.#emit(event as DecodedEvent)
      const value = this.#events
      this.#events = []
      this.#collector.addAll(value)
      return { done: false, value }
    } catch (error) {
      const { id, signal } = this.#question
      this.close()
      // The caller's own reason, whatever the model throws.
      throw signal?.aborted === true ? signal.reason : chatError(error, { id, hasContent: this.#reader.hasContent })
    }
  }

  close(): void {
    this.#isOver = true
    this.#abort.abort(new DOMException('the answer is no longer read', 'AbortError'))
    quietly(() => this.#parts?.cancel())
  }

  /** A method, because the compiler assumes that a field keeps its value across an `await`. */
  #hasLeft(): boolean {
    return this.#isOver
  }

  /** The caller has aborted: what had come is kept beside the reason. */
  readonly #keepPartial = (reason: unknown): void => {
    if (this.#reader.hasContent) keepPartial(reason, this.#collector.result())
  }

  /** The events of the next part, or of the whole answer; `undefined` at the end. */
  async #read(): Promise<readonly ChatEvent[] | undefined> {
    if (this.#parts === undefined) {
      const { model, request, options, signal, id } = this.#question
      const supported = await model.supportedUrls
      // It was closed meanwhile: nothing is asked, and the caller's signal is not followed.
      if (this.#hasLeft()) return undefined
      checkUrls(options.prompt, supported, id)
      const call = { ...options, abortSignal: this.#abort.follow(signal).signal }
      if (request.stream === false) {
        const result = await model.doGenerate(call)
        return this.#held(() => this.#whole(result))
      }
      const answer = await model.doStream(call)
      this.#parts = this.#held(() => answer.stream.getReader())
      // It was closed meanwhile, and the model did not heed the signal.
      if (this.#hasLeft()) quietly(() => this.#parts?.cancel())
    }
    const { done, value } = await this.#parts.read()
    return done ? undefined : this.#held(() => this.#reader.read(value))
  }

  /** Only types hold a model to the specification: what can't be read is malformed, not a failure of the network. */
  #held<T>(read: () => T): T {
    try {
      return read()
    } catch (cause) {
      if (cause instanceof ChatError) throw cause
      const { id: provider } = this.#question
      const words = `${provider}: the model's answer does not follow the specification: ${String(cause)}`
      throw new ChatError('malformed', words, { provider, cause })
    }
  }

  #whole(result: LanguageModelV4GenerateResult): readonly ChatEvent[] {
    this.#isOver = true
    this.#abort.release()
    const { content, warnings, response, finishReason, usage, providerMetadata } = result
    const reader = this.#reader
    reader.read({ type: 'stream-start', warnings })
    reader.read({ type: 'response-metadata', ...response })
    const events = reader.readContent(content)
    const finish = { type: 'finish' as const, finishReason, usage, ...(providerMetadata && { providerMetadata }) }
    try {
      return [...events, ...reader.read(finish)]
    } catch (error) {
      // It has come, and was not given: a group may still hide the failure.
      if (error instanceof ChatError && reader.hasContent) error.partial ??= this.#partialOf(events)
      throw error
    }
  }

  #partialOf(events: readonly ChatEvent[]): ChatResult {
    for (const event of events) this.#emit(event as DecodedEvent)
    this.#collector.addAll(this.#events)
    return this.#collector.result()
  }
}

/**
 * A model says which URLs its endpoint fetches, and `ai` downloads the others; here a group asks its next member.
 *
 * @throws ChatError `unsupported`
 */
function checkUrls(prompt: LanguageModelV4Prompt, supported: Record<string, RegExp[]>, id: string): void {
  for (const { role, content } of prompt) {
    if (role !== 'user') continue
    for (const part of content) {
      if (part.type !== 'file' || part.data.type !== 'url') continue
      const { data, mediaType } = part
      const top = mediaType.replace(/\/.*/, '')
      const isFetched = Object.entries(supported).some(
        ([type, patterns]) =>
          (type.startsWith('*') || type === mediaType || type.startsWith(`${top}/`)) &&
          patterns.some((pattern) => pattern.test(data.url.href.toLowerCase())),
      )
      if (isFetched) continue
      throw new ChatError('unsupported', `${id}: its model reads no ${top} by this URL: pass a data: URL`, {
        provider: id,
      })
    }
  }
}
