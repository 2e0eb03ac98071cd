import { type DecodedEvent, isRecord } from '@rivulet/core/provider'
import { isCitation } from '../citations.ts'
import { DIALECT } from '../dialect.ts'
import { itemKey } from './item-key.ts'
import { Spoken } from './spoken.ts'
import { ToolCalls } from './tool-calls.ts'

type Wire = Readonly<Record<string, unknown>>

/**
 * Reads the items of an output: messages, reasoning, calls. Their content arrives in pieces, and again as a whole in the events
 * that end a part, an item and the response: each says what those before it did not, and none may differ.
 */
export class OutputItems {
  /** The model refused, and said so in its own words. */
  isRefused = false
  readonly #emit: (event: DecodedEvent) => void
  readonly #text: Spoken
  readonly #summary: Spoken
  /** The reasoning itself, which open models show. */
  readonly #reasoning: Spoken
  readonly #calls: ToolCalls
  /** What parts and items had when they began: other events repeat it, unless the server sends none. */
  #first = ''
  /** The id of the reasoning that is being said, if it will be sealed: the seal is bound to it. */
  #thoughtId: string | undefined
  /** What has been given, so that the final response does not give it again: seals, whole items, citations. */
  readonly #given = { seals: 0, natives: 0, citations: 0 }
  /** How many citations each part of a message has given. */
  readonly #citations = new Map<string, number>()
  /** How many items have begun. */
  #begun = 0

  constructor(emit: (event: DecodedEvent) => void) {
    const think = (text: string): void => {
      emit({ type: 'reasoning', text, ...(this.#thoughtId !== undefined && { id: this.#thoughtId }) })
    }
    this.#emit = emit
    this.#text = new Spoken((text) => {
      emit({ type: 'text', text })
    })
    // Parts are paragraphs.
    this.#summary = new Spoken(think, '\n\n')
    this.#reasoning = new Spoken(think, '\n\n')
    this.#calls = new ToolCalls(emit)
  }

  /** Begins the ids of calls that have none. */
  set callPrefix(prefix: string) {
    this.#calls.idPrefix = prefix
  }

  get callCount(): number {
    return this.#calls.count
  }

  /** Whether a call has got another id than the endpoint gave it. */
  get hasRenamed(): boolean {
    return this.#calls.isRenamed
  }

  /** Whether an output repeats all items that have begun. */
  isWhole(output: unknown): boolean {
    return Array.isArray(output) && output.length >= this.#begun
  }

  read(type: string, key: string, event: Wire): void {
    switch (type) {
      case 'response.output_text.delta':
        this.#text.piece(key, `text ${place(event.content_index)}`, textOf(event.delta))
        break
      case 'response.output_text.done':
        this.#text.part(key, `text ${place(event.content_index)}`, textOf(event.text))
        break
      case 'response.refusal.delta':
        this.#text.piece(key, `refusal ${place(event.content_index)}`, this.#refusal(event.delta))
        break
      case 'response.refusal.done':
        this.#text.part(key, `refusal ${place(event.content_index)}`, this.#refusal(event.refusal))
        break
      case 'response.content_part.added':
        this.#first += textIn(event.part)
        break
      case 'response.content_part.done':
        this.#contentPart(key, place(event.content_index), event.part)
        break
      case 'response.reasoning_summary_text.delta':
        this.#summary.piece(key, place(event.summary_index), textOf(event.delta))
        break
      case 'response.reasoning_summary_text.done':
        this.#summary.part(key, place(event.summary_index), textOf(event.text))
        break
      case 'response.reasoning_summary_part.done':
        this.#summary.part(key, place(event.summary_index), textIn(event.part))
        break
      case 'response.reasoning_text.delta':
        this.#reasoning.piece(key, place(event.content_index), textOf(event.delta))
        break
      case 'response.reasoning_text.done':
        this.#reasoning.part(key, place(event.content_index), textOf(event.text))
        break
      case 'response.function_call_arguments.delta':
        this.#calls.piece(key, textOf(event.delta), 'json')
        break
      case 'response.function_call_arguments.done':
        this.#calls.inputDone(key, event, 'json')
        break
      case 'response.custom_tool_call_input.delta':
        this.#calls.piece(key, textOf(event.delta), 'text')
        break
      case 'response.custom_tool_call_input.done':
        this.#calls.inputDone(key, event, 'text')
        break
      case 'response.output_text.annotation.added':
        this.#cite(`${key} ${place(event.content_index)}`, [event.annotation], true)
        break
      case 'response.output_item.added':
        if (isRecord(event.item)) this.#added(itemKey(event.output_index, event.item.id), event.item)
        break
      case 'response.output_item.done':
        if (isRecord(event.item)) this.#done(itemKey(event.output_index, event.item.id), event.item)
        break
    }
  }

  /**
   * The output of the final response, which repeats all items, some or none.
   *
   * @param isCut Whether the answer ended early.
   * @throws ChatError `malformed` if it differs from what was said; see also {@link ToolCalls.end}.
   */
  end({ output, output_text: text }: Wire, isCut: boolean): void {
    const items: unknown[] = Array.isArray(output) ? output : []
    const given = { ...this.#given }
    for (const [index, item] of items.entries()) {
      if (!isRecord(item)) continue
      if (item.type === 'message') {
        if (!this.#text.hasSpoken()) this.#phase(item)
        this.#text.output(this.#wholeMessage(item.content))
        for (const citation of citationsIn(item.content)) if (--given.citations < 0) this.#native(citation)
      } else if (item.type === 'function_call' || item.type === 'custom_tool_call') this.#calls.output(index, item)
      else if (item.type === 'reasoning') {
        this.#thoughtId = sealedId(item)
        const { summary, content } = thoughtsOf(item, this.#summary.hasSpoken(), this.#reasoning.hasSpoken())
        this.#summary.output(summary)
        this.#reasoning.output(content)
        // The item itself may have given it already, and servers seal anew each time.
        if (isSealed(item) && --given.seals < 0) this.#seal(item)
      } else if (typeof item.type === 'string' && --given.natives < 0) this.#native(item)
    }
    if (!this.#text.hasSpoken()) this.#text.output([this.#first || textOf(text)])
    for (const spoken of [this.#text, this.#summary, this.#reasoning]) spoken.end()
    this.#calls.end(isCut)
  }

  #added(key: string, item: Wire): void {
    this.#begun++
    if (item.type === 'message') {
      this.#phase(item)
      this.#text.begin(key)
      this.#first += textsOf(item.content).join('')
    }
    if (item.type === 'function_call' || item.type === 'custom_tool_call') this.#calls.added(key, item)
    if (item.type === 'reasoning') {
      this.#thoughtId = sealedId(item)
      this.#summary.begin(key)
      this.#reasoning.begin(key)
    }
  }

  #done(key: string, item: Wire): void {
    if (item.type === 'message') {
      this.#text.item(key, this.#wholeMessage(item.content))
      for (const [index, part] of partsIn(item.content).entries()) this.#cite(`${key} ${index}`, annotationsOf(part))
    } else if (item.type === 'function_call' || item.type === 'custom_tool_call') this.#calls.done(key, item)
    else if (item.type === 'reasoning') {
      this.#thoughtId ??= sealedId(item)
      const { summary, content } = thoughtsOf(item, this.#summary.hasSpoken(key), this.#reasoning.hasSpoken(key))
      this.#summary.item(key, summary)
      this.#reasoning.item(key, content)
      if (isSealed(item)) {
        this.#given.seals++
        this.#seal(item)
      }
      this.#thoughtId = undefined
    } else if (typeof item.type === 'string') {
      // Events have no word for it.
      this.#given.natives++
      this.#native(item)
    }
  }

  #seal(item: SealedItem): void {
    const id = idOf(item)
    this.#emit({ type: 'reasoning', text: '', ...(id !== undefined && { id }), sealed: item.encrypted_content })
  }

  #native(value: Wire): void {
    this.#emit({ type: 'native', dialect: DIALECT, value })
  }

  /** Some models say which messages are remarks on the way, and want it back. */
  #phase({ phase }: Wire): void {
    if (typeof phase === 'string') this.#native({ type: 'message', phase })
  }

  /** @param isNext Whether it is the next citation of the part, and not all of them. */
  #cite(part: string, citations: readonly unknown[], isNext = false): void {
    const given = this.#citations.get(part) ?? 0
    for (const citation of isNext ? citations : citations.slice(given)) {
      if (!isRecord(citation) || !isCitation(citation)) continue
      this.#given.citations++
      this.#citations.set(part, (this.#citations.get(part) ?? 0) + 1)
      this.#native(citation)
    }
  }

  #contentPart(key: string, index: string, part: unknown): void {
    if (!isRecord(part)) return
    if (part.type === 'refusal') this.#text.part(key, `refusal ${index}`, this.#refusal(part.refusal))
    else if (part.type === 'output_text') this.#text.part(key, `text ${index}`, textOf(part.text))
    else if (part.type === 'reasoning_text') this.#reasoning.part(key, index, textOf(part.text))
    // After the text that they belong to, of which the part may be the first to say something.
    this.#cite(`${key} ${index}`, annotationsOf(part))
  }

  #wholeMessage(content: unknown): string[] {
    if (typeof content === 'string') return [content]
    return (Array.isArray(content) ? content : []).map((part: unknown) =>
      isRecord(part) && part.type === 'refusal' ? this.#refusal(part.refusal) : textIn(part),
    )
  }

  #refusal(words: unknown): string {
    const text = textOf(words)
    this.isRefused ||= text !== ''
    return text
  }
}

type SealedItem = Wire & { readonly encrypted_content: string }

const isSealed = (item: Wire): item is SealedItem => textOf(item.encrypted_content) !== ''

/**
 * The thoughts of a whole item. Where it has both a summary and the reasoning, the one that the pieces said, or else the
 * summary.
 */
function thoughtsOf(item: Wire, hasSummary: boolean, hasReasoning: boolean): { summary: string[]; content: string[] } {
  const summary = textsOf(item.summary)
  const content = textsOf(item.content)
  return {
    summary: hasSummary || !hasReasoning || content.length === 0 ? summary : [],
    content: hasReasoning || summary.length === 0 ? content : [],
  }
}

const idOf = ({ id }: Wire): string | undefined => (typeof id === 'string' ? id : undefined)

const sealedId = (item: Wire): string | undefined =>
  typeof item.encrypted_content === 'string' ? idOf(item) : undefined

const partsIn = (content: unknown): unknown[] => (Array.isArray(content) ? content : [])

const annotationsOf = (part: unknown): unknown[] => (isRecord(part) ? partsIn(part.annotations) : [])

const citationsIn = (content: unknown): Wire[] =>
  partsIn(content)
    .flatMap(annotationsOf)
    .filter((each): each is Wire => isRecord(each) && isCitation(each))

const textsOf = (parts: unknown): string[] => (Array.isArray(parts) ? parts : []).map(textIn)

const textIn = (part: unknown): string => (isRecord(part) ? textOf(part.text) : '')

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The place of a part in its item. Servers that have one part only may leave it out. */
const place = (index: unknown): string => (typeof index === 'number' ? String(index) : '0')
