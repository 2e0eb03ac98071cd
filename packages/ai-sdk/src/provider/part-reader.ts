import type {
  LanguageModelV4Content,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  SharedV4ProviderMetadata,
  SharedV4Warning,
} from '@ai-sdk/provider'
import { ChatError, type ChatEvent } from '@rivulet/core'
import { isCutJson, isRecord, parseJson } from '@rivulet/core/provider'
import { reasonOf } from '../answer/finish-reason.ts'
import { droppedOf } from '../answer/warnings.ts'
import { type Carried, lateMetadata, writeCarried } from '../carried.ts'
import { factsOf, KEY } from '../metadata.ts'
import { DIALECT } from '../native.ts'
import { toJson } from '../sdk-json.ts'
import { usageOf } from '../usage.ts'
import { type CallInput, isNothing, isSame, textOf } from './call-input.ts'
import { chatError } from './chat-error.ts'

type PartOf<Type extends LanguageModelV4StreamPart['type']> = Extract<LanguageModelV4StreamPart, { type: Type }>

/** A call whose input is arriving. */
interface OpenCall extends CallInput {
  signature: string | undefined
}

/** Who is asked, and what is known before the answer. */
export interface Reading {
  id: string
  modelId: string
  /** What our own request could not say. */
  dropped: readonly string[]
  /** Names of the tools whose input is a text. */
  textTools: ReadonlySet<string>
}

/**
 * Custom parts with nothing for a reader: usage, which the finish has too. As content, it would be the first, and a failure after it
 * could not be hidden. (`@ai-sdk/anthropic` 4.0.105, 2026-11-28)
 */
const NOT_CONTENT: ReadonlySet<string> = new Set(['anthropic.message_start'])

/** Reads the stream parts of an AI SDK model as events. What the events have no word for is a native part. */
export class PartReader {
  readonly #reading: Reading
  #events: ChatEvent[] = []
  #warnings: readonly SharedV4Warning[] = []
  #response: { id?: string | undefined; modelId?: string | undefined } = {}
  #hasStarted = false
  #hasContent = false
  /** What the blocks that are open say of themselves, by their ids. */
  readonly #blocks = new Map<string, SharedV4ProviderMetadata>()
  readonly #calls = new Map<string, OpenCall>()
  /** A call whose input breaks off: only an answer that was too long may have one. */
  #cut: string | undefined

  constructor(reading: Reading) {
    this.#reading = reading
  }

  get hasContent(): boolean {
    return this.#hasContent
  }

  /** @throws ChatError for an error, and for a finish that says that the answer is not whole. */
  read(part: LanguageModelV4StreamPart): readonly ChatEvent[] {
    this.#read(part)
    const events = this.#events
    this.#events = []
    return events
  }

  /** The parts of an answer that came in one piece. */
  readContent(content: readonly LanguageModelV4Content[]): readonly ChatEvent[] {
    return content.flatMap((part, index) => {
      if (part.type !== 'text' && part.type !== 'reasoning') return this.read(part)
      const id = String(index)
      const { type, text: delta, ...ends } = part
      const parts: LanguageModelV4StreamPart[] = [
        { type: `${type}-start`, id, ...(ends.providerMetadata && { providerMetadata: ends.providerMetadata }) },
        { type: `${type}-delta`, id, delta },
        { type: `${type}-end`, id, ...ends },
      ]
      return parts.flatMap((each) => this.read(each))
    })
  }

  #read(part: LanguageModelV4StreamPart): void {
    switch (part.type) {
      case 'stream-start':
        this.#warnings = part.warnings
        return
      case 'response-metadata':
        this.#response = { ...this.#response, ...part }
        return
      case 'text-start':
      case 'reasoning-start':
        this.#blocks.set(part.id, part.providerMetadata ?? {})
        return
      case 'text-delta':
      case 'reasoning-delta':
        this.#delta(part)
        return
      case 'text-end':
      case 'reasoning-end':
        this.#blockEnd(part)
        return
      case 'tool-input-start':
        if (part.providerExecuted !== true) this.#callStart(part)
        return
      case 'tool-input-delta':
        this.#input(part.id, part.delta)
        return
      case 'tool-input-end':
        return
      case 'tool-call':
        if (part.providerExecuted === true) this.#native(part)
        else this.#call(part)
        return
      case 'tool-result':
      case 'tool-approval-request':
      case 'custom':
      case 'file':
      case 'reasoning-file':
      case 'source':
        this.#native(part)
        return
      case 'raw':
        this.#give({
          type: 'raw',
          dialect: DIALECT,
          label: 'mended',
          data: part.rawValue === undefined ? '' : JSON.stringify(part.rawValue),
        })
        return
      case 'finish':
        this.#finish(part)
        return
      case 'error':
        throw chatError(part.error, { id: this.#reading.id, hasContent: this.#hasContent })
      case 'ping':
        return
      default:
        // A part of a later version: the types of the installed one have none besides.
        unknownPart(part)
    }
  }

  #give(event: ChatEvent): void {
    this.#begin()
    this.#events.push(event)
  }

  #content(event: ChatEvent): void {
    this.#hasContent = true
    this.#give(event)
  }

  #begin(): void {
    if (this.#hasStarted) return
    this.#hasStarted = true
    const { id: provider, modelId, dropped: own } = this.#reading
    const { id, modelId: model = modelId } = this.#response
    const dropped = [...own, ...droppedOf(this.#warnings)]
    this.#events.push({
      type: 'start',
      provider,
      model,
      ...(id !== undefined && { id }),
      ...(dropped.length > 0 && { dropped }),
    })
  }

  #delta({ type, id, delta, providerMetadata }: PartOf<'text-delta' | 'reasoning-delta'>): void {
    if (providerMetadata !== undefined) this.#blocks.set(id, { ...this.#blocks.get(id), ...providerMetadata })
    if (delta === '') return
    const { id: reasoningId } = factsOf(this.#blocks.get(id))
    if (type === 'text-delta') this.#content({ type: 'text', text: delta })
    else this.#content({ type: 'reasoning', text: delta, ...(reasoningId !== undefined && { id: reasoningId }) })
  }

  /** A block is complete with what its end says, or one of the parts before it. */
  #blockEnd(part: PartOf<'text-end' | 'reasoning-end'>): void {
    const metadata = { ...this.#blocks.get(part.id), ...part.providerMetadata }
    this.#blocks.delete(part.id)
    const { origin, sealed, id, ...facts } = factsOf(metadata)
    const isOurs = origin !== undefined || facts.signature !== undefined
    const citations = part.type === 'text-end' ? part.citations : undefined
    const signature = isOurs ? facts.signature : carriedOf(metadata, citations && { citations })
    const signed = signature === undefined ? {} : { signature }
    if (part.type === 'text-end') {
      if (signature !== undefined) this.#content({ type: 'text', text: '', ...signed })
    } else if (signature !== undefined || sealed !== undefined) {
      const ends = { ...signed, ...(sealed !== undefined && { sealed }), ...(id !== undefined && { id }) }
      this.#content({ type: 'reasoning', text: '', ...ends })
    }
  }

  #callStart(part: PartOf<'tool-input-start'>): void {
    const { id, toolName: name, inputEncoding, providerMetadata, dynamic } = part
    const isText = inputEncoding === 'text' || this.#reading.textTools.has(name)
    const { signature: own } = factsOf(providerMetadata)
    const signature = own ?? carriedOf(providerMetadata, dynamic === undefined ? {} : { dynamic })
    this.#calls.set(id, { format: isText ? 'text' : 'json', signature, input: '' })
    const optional = { ...(isText && { format: 'text' as const }), ...(signature !== undefined && { signature }) }
    this.#content({ type: 'tool-call', id, name, ...optional })
  }

  #input(id: string, text: string): void {
    const call = this.#calls.get(id)
    // The input of a call that the model's own provider runs: the whole call follows.
    if (call === undefined || text === '') return
    call.input += text
    this.#give({ type: 'tool-input', id, text })
  }

  /** The whole call, after its input or in place of it. */
  #call(part: LanguageModelV4ToolCall): void {
    const { toolCallId: id, toolName, input, providerMetadata, dynamic } = part
    const { native, signature: own, format } = factsOf(providerMetadata)
    if (native !== undefined) {
      this.#native(part)
      return
    }
    const signature = own ?? carriedOf(providerMetadata, dynamic === undefined ? {} : { dynamic })
    const begun = this.#calls.get(id)
    if (begun === undefined) {
      const inputEncoding = format === 'text' ? { inputEncoding: format } : {}
      const start = { ...(providerMetadata && { providerMetadata }), ...(dynamic !== undefined && { dynamic }) }
      this.#callStart({ type: 'tool-input-start', id, toolName, ...inputEncoding, ...start })
    }
    const call = this.#calls.get(id)
    if (call === undefined) return
    const whole = call.format === 'text' ? textOf(input) : input
    if (call.input === '' && !isNothing(call, whole)) this.#input(id, whole)
    else if (!isSame(call, whole)) throw this.#malformed(`the input of call "${id}" is not what its pieces were`)
    this.#calls.delete(id)
    if (call.format === 'json' && parseJson(whole) === undefined && isCutJson(whole)) this.#cut = id
    if (begun !== undefined && signature !== undefined && signature !== begun.signature) {
      this.#give(lateMetadata(id, signature))
    }
  }

  #native(part: Exclude<LanguageModelV4Content, { type: 'text' | 'reasoning' }>): void {
    const { isView, native } = factsOf(part.providerMetadata)
    if (isView === true || (part.type === 'custom' && NOT_CONTENT.has(part.kind))) return
    this.#content(native ?? { type: 'native', dialect: DIALECT, value: toJson(part) })
  }

  #finish({ finishReason, usage, providerMetadata }: PartOf<'finish'>): void {
    const { id: provider } = this.#reading
    const reason = reasonOf(finishReason)
    if (reason === undefined) {
      const isCut = finishReason.unified === 'interrupted'
      const words = isCut ? 'the stream of the model was interrupted' : 'the model stopped because of an error'
      throw new ChatError(isCut ? 'truncated' : 'overloaded', `${provider}: ${words}`, { provider })
    }
    const open = this.#cut ?? this.#calls.keys().next().value
    if (open !== undefined && (reason === 'stop' || reason === 'tool-calls')) {
      throw new ChatError('truncated', `${provider}: the input of call "${open}" broke off`, { provider })
    }
    const own = providerMetadata?.[KEY]
    const facts: Readonly<Record<string, unknown>> = isRecord(own) ? own : {}
    const counted = usageOf(usage, facts.usage)
    const skipped = typeof facts.skipped === 'number' ? { skipped: facts.skipped } : {}
    this.#give({ type: 'finish', reason, ...(counted && { usage: counted }), ...skipped })
  }

  #malformed(words: string): ChatError {
    const { id: provider } = this.#reading
    return new ChatError('malformed', `${provider}: ${words}`, { provider })
  }
}

/** What a model says of a part that the events have no field for, as its signature. */
const carriedOf = (
  metadata: SharedV4ProviderMetadata | undefined,
  others: Omit<Carried, 'providerMetadata'> = {},
): string | undefined => {
  const { [KEY]: _, ...providerMetadata } = metadata ?? {}
  return writeCarried({ ...(Object.keys(providerMetadata).length > 0 && { providerMetadata }), ...others })
}

/** Compiles while every part of the installed version is read above. */
const unknownPart = (_part: never): void => undefined
