import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata, SharedV4Warning } from '@ai-sdk/provider'
import { ChatError, type ChatEvent, type NativePart, type Origin, type ToolCallPart, type Usage } from '@rivulet/core'
import { JsonProgress, parseJson } from '@rivulet/core/provider'
import { readLate } from '../carried.ts'
import { contentOfNative } from '../native.ts'
import { sdkUsage } from '../usage.ts'
import { answerMetadata } from './answer-metadata.ts'
import { callContent, reasoningFields, textFields } from './content.ts'
import { failureReason, finishReason } from './finish-reason.ts'
import { warningsOf } from './warnings.ts'

type EventOf<Type extends ChatEvent['type']> = Extract<ChatEvent, { type: Type }>

/** A text or a piece of reasoning whose end has not come. */
interface OpenBlock {
  type: 'text' | 'reasoning'
  id: string
  reasoningId?: string | undefined
}

/** A call whose input may go on. */
interface OpenCall {
  call: ToolCallPart
  progress: JsonProgress
}

/**
 * Writes the events of an answer as the stream parts of the AI SDK, in their order. A call is whole when something else follows
 * its input, or at the end.
 */
export class PartWriter {
  readonly #warnings: readonly SharedV4Warning[]
  #parts: LanguageModelV4StreamPart[] = []
  #hasStarted = false
  #origin: Origin
  #dropped: readonly string[] = []
  #block: OpenBlock | undefined
  #blocks = 0
  #calls = new Map<string, OpenCall>()
  /** The calls that have had input since the last block: only those may have become whole. */
  readonly #grown = new Set<string>()

  /** @param warnings What was left out of the request before the provider was asked. */
  constructor(asked: Origin, warnings: readonly SharedV4Warning[]) {
    this.#origin = asked
    this.#warnings = warnings
  }

  /** @throws ChatError for a restart: parts that were given can't be taken back; and for input of a call that was whole. */
  write(events: readonly ChatEvent[]): LanguageModelV4StreamPart[] {
    for (const event of events) this.#write(event)
    return this.#take()
  }

  /** The answer is whole, and has no finish: that of a tool run comes after its last answer. */
  close(): LanguageModelV4StreamPart[] {
    this.#closeAll(true)
    return this.#take()
  }

  /** The end of an answer that failed: an error, and a finish that says so. What had begun is not given as whole. */
  fail(failure: unknown, error: unknown): LanguageModelV4StreamPart[] {
    this.#begin()
    this.#closeBlock()
    this.#parts.push({ type: 'error', error })
    const code = failure instanceof ChatError ? failure.code : undefined
    const usage = failure instanceof ChatError ? failure.partial?.usage : undefined
    this.#parts.push({
      type: 'finish',
      finishReason: failureReason(code),
      usage: sdkUsage(usage),
      ...this.#told(usage),
    })
    return this.#take()
  }

  #take(): LanguageModelV4StreamPart[] {
    const parts = this.#parts
    this.#parts = []
    return parts
  }

  #write(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        this.#start(event)
        break
      case 'text':
      case 'reasoning':
        this.#piece(event)
        break
      case 'tool-call':
        this.#call(event)
        break
      case 'tool-input':
        this.#input(event)
        break
      case 'native':
        this.#native(event)
        break
      case 'raw':
        this.#begin()
        this.#parts.push({ type: 'raw', rawValue: parseJson(event.data) ?? event.data })
        break
      case 'resume':
        // Another member goes on: its start says which.
        break
      case 'restart':
        throw restarted(event)
      case 'finish':
        this.#finish(event)
        break
    }
  }

  #start({ provider, model, id, dropped = [] }: EventOf<'start'>): void {
    this.#origin = { provider, model }
    this.#dropped = [...this.#dropped, ...dropped]
    this.#begin()
    this.#parts.push({ type: 'response-metadata', modelId: model, ...(id !== undefined && { id }) })
  }

  /** The first part of every stream. */
  #begin(): void {
    if (this.#hasStarted) return
    this.#hasStarted = true
    this.#parts.push({ type: 'stream-start', warnings: [...this.#warnings, ...warningsOf(this.#dropped)] })
  }

  /** A piece continues the block before it, if that is of its type and has no end yet. */
  #piece(event: EventOf<'text'> | EventOf<'reasoning'>): void {
    const { type, text, signature } = event
    const { sealed, id: reasoningId } = event.type === 'reasoning' ? event : {}
    const isWhole = signature !== undefined || sealed !== undefined
    if (text === '' && !isWhole) return
    const block = this.#blockFor(type, reasoningId)
    if (text !== '') this.#parts.push({ type: `${type}-delta`, id: block.id, delta: text })
    if (isWhole) this.#closeBlock({ signature, sealed, id: reasoningId })
  }

  #blockFor(type: OpenBlock['type'], reasoningId: string | undefined): OpenBlock {
    const last = this.#block
    const isOther = last?.reasoningId !== undefined && last.reasoningId !== reasoningId
    if (last?.type === type && !isOther) return last
    this.#closeAll()
    const block = { type, id: String(this.#blocks++), reasoningId }
    this.#block = block
    const named = reasoningId === undefined ? {} : reasoningFields({ id: reasoningId }, this.#origin)
    this.#parts.push({ type: `${type}-start`, id: block.id, ...named })
    return block
  }

  #closeBlock(
    ends: { signature?: string | undefined; sealed?: string | undefined; id?: string | undefined } = {},
  ): void {
    const block = this.#block
    if (block === undefined) return
    this.#block = undefined
    const { type, id, reasoningId } = block
    if (type === 'text') this.#parts.push({ type: 'text-end', id, ...textFields(ends, this.#origin) })
    else {
      const fields = reasoningFields({ ...ends, id: ends.id ?? reasoningId }, this.#origin)
      this.#parts.push({ type: 'reasoning-end', id, ...fields })
    }
  }

  #call({ type, id, name, format, signature }: EventOf<'tool-call'>): void {
    this.#closeBlock()
    this.#begin()
    // Endpoints give two calls one id: the first has all of its input.
    this.#endCall(id)
    const call: ToolCallPart = {
      type,
      id,
      name,
      input: '',
      ...(format !== undefined && { format }),
      ...(signature !== undefined && { signature }),
    }
    this.#calls.set(id, { call, progress: new JsonProgress() })
    const { providerMetadata, dynamic } = callContent(call, this.#origin)
    this.#parts.push({
      type: 'tool-input-start',
      id,
      toolName: name,
      ...(format === 'text' && { inputEncoding: format }),
      ...(dynamic !== undefined && { dynamic }),
      ...(providerMetadata && { providerMetadata }),
    })
  }

  #input({ id, text }: EventOf<'tool-input'>): void {
    const open = this.#calls.get(id)
    if (open === undefined)
      throw new ChatError('malformed', `the input of call "${id}" goes on after the call was whole`)
    if (text !== '') this.#grown.add(id)
    open.call.input += text
    if (open.call.format !== 'text') open.progress.add(text)
    this.#parts.push({ type: 'tool-input-delta', id, delta: text })
  }

  #native(part: NativePart): void {
    const late = readLate(part)
    const open = late && this.#calls.get(late.toolCallId)
    if (late !== undefined) {
      if (open !== undefined) open.call.signature = late.signature
      return
    }
    this.#closeAll()
    this.#begin()
    this.#parts.push(...contentOfNative({ type: 'native', dialect: part.dialect, value: part.value }, this.#origin))
  }

  /** Something else begins. A call whose input has not begun, or whose JSON is still open, goes on after it. */
  #closeAll(isEnd = false): void {
    this.#closeBlock()
    this.#begin()
    for (const id of isEnd ? this.#calls.keys() : this.#grown) {
      // A call without input has none yet, or none at all: only the end tells.
      if (isEnd || this.#calls.get(id)?.progress.isOpen === false) this.#endCall(id)
    }
    this.#grown.clear()
  }

  #endCall(id: string): void {
    const open = this.#calls.get(id)
    if (open === undefined) return
    this.#calls.delete(id)
    this.#grown.delete(id)
    this.#parts.push({ type: 'tool-input-end', id }, callContent(open.call, this.#origin))
  }

  #finish({ reason, usage, skipped }: EventOf<'finish'>): void {
    this.#closeAll(true)
    this.#parts.push({
      type: 'finish',
      finishReason: finishReason(reason),
      usage: sdkUsage(usage),
      ...this.#told(usage, skipped),
    })
  }

  /** What an answer says at its end that the AI SDK has no field for. */
  #told(usage: Usage | undefined, skipped?: number): { providerMetadata: SharedV4ProviderMetadata } {
    return { providerMetadata: answerMetadata({ ...this.#origin, dropped: this.#dropped, usage, skipped }) }
  }
}

const restarted = ({ from, reason, message }: EventOf<'restart'>): ChatError =>
  new ChatError(reason, `${from} failed (${message}) and the answer starts over, but a part of it has been delivered`, {
    provider: from,
  })
