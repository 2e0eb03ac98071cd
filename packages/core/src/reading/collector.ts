import type { AssistantPart, ChatEvent, ChatResult, ReasoningPart, TextPart, ToolCallPart } from '../chat.ts'

/** An event of an answer or of a tool run, whose tool results are not part of an answer. */
export type AnyEvent = ChatEvent | { readonly type: 'tool-result' }

/** A part whose text is still to be joined. */
interface Growing {
  part: AssistantPart
  pieces: TextBuffer
  /** A signature or a seal has completed it. */
  isClosed: boolean
}

/**
 * Assembles an answer from its events; of a run of tools, the last answer. One is made for every answer, so its rarely used
 * parts are created on demand.
 */
export class Collector {
  #start: Extract<ChatEvent, { type: 'start' }> | undefined
  #parts: Growing[] = []
  #last: Growing | undefined
  #calls: Map<string, Growing> | undefined
  #finish: Extract<ChatEvent, { type: 'finish' }> | undefined
  /** Tools have run: the next answer replaces the one that called them. */
  #calledTools = false

  /** The events of one read. Nearly all are pieces of one text, which are joined first. */
  addAll(events: readonly AnyEvent[]): void {
    let text = ''
    for (const event of events) {
      if (event.type === 'text' && event.signature === undefined) {
        text += event.text
      } else {
        this.#addText({ type: 'text', text })
        text = ''
        this.add(event)
      }
    }
    this.#addText({ type: 'text', text })
  }

  add(event: AnyEvent): void {
    switch (event.type) {
      case 'text':
      case 'reasoning':
        this.#addText(event)
        break
      case 'tool-call': {
        const call = this.#add({ ...event, input: '' })
        ;(this.#calls ??= new Map()).set(event.id, call)
        break
      }
      case 'tool-input':
        this.#calls?.get(event.id)?.pieces.add(event.text)
        break
      case 'native':
        this.#add(event)
        break
      case 'start':
        this.#start = event
        this.#clearAfterTools()
        break
      case 'restart':
        this.#clear()
        break
      case 'finish':
        this.#finish = event
        break
      case 'resume':
      case 'raw':
        break
      case 'tool-result':
        this.#calledTools = true
        break
    }
  }

  /** The next answer begins: with a `start`, or with its content where a provider gives none. */
  #clearAfterTools(): void {
    if (this.#calledTools) this.#clear()
  }

  #clear(): void {
    this.#parts = []
    this.#last = undefined
    this.#calls = undefined
    this.#calledTools = false
  }

  /** The answer so far; `reason` is absent until it is complete. */
  result(): ChatResult {
    const { provider = '', model = '', id, dropped } = this.#start ?? {}
    const { reason, usage, skipped } = this.#finish ?? {}
    const content = this.#parts.map(wholePart)
    const thoughts = content.filter((part): part is ReasoningPart => part.type === 'reasoning')
    const reasoning = thoughts.map(({ text }) => text).join('')
    return {
      provider,
      model,
      ...(id !== undefined && { id }),
      content,
      text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
      ...(reasoning !== '' && { reasoning }),
      toolCalls: content.filter((part): part is ToolCallPart => part.type === 'tool-call'),
      ...(dropped !== undefined && { dropped }),
      ...(reason !== undefined && { reason }),
      ...(usage !== undefined && { usage }),
      ...(skipped !== undefined && { skipped }),
    }
  }

  /** A piece continues the part before it, if that is of its type and not complete. */
  #addText(event: TextPart | ReasoningPart): void {
    if (event.text !== '') this.#clearAfterTools()
    const last = this.#last
    const isWhole = isComplete(event)
    if (last?.part.type !== event.type || last.isClosed || isOther(last.part, event)) {
      if (event.text !== '' || isWhole) this.#add(event).pieces.add(event.text)
      return
    }
    last.pieces.add(event.text)
    if (!isWhole) return
    last.part = { ...last.part, ...event }
    last.isClosed = true
  }

  #add(part: AssistantPart): Growing {
    this.#clearAfterTools()
    const growing = { part, pieces: new TextBuffer(), isClosed: isComplete(part) }
    this.#parts.push(growing)
    this.#last = growing
    return growing
  }
}

/** Whether a part has its signature or its seal, which come last. */
const isComplete = (part: AssistantPart): boolean =>
  ('signature' in part && part.signature !== undefined) || ('sealed' in part && part.sealed !== undefined)

/** Whether a piece of reasoning belongs to another one than the last. */
const isOther = (last: AssistantPart, next: AssistantPart): boolean =>
  last.type === 'reasoning' && next.type === 'reasoning' && last.id !== undefined && last.id !== next.id

function wholePart({ part, pieces }: Growing): AssistantPart {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { ...part, text: pieces.toString() }
    case 'tool-call': {
      const input = pieces.toString()
      return { ...part, input: input === '' && part.format !== 'text' ? '{}' : input }
    }
    case 'native':
      return part
  }
}

/**
 * Joins many pieces of text. `+=` alone would keep every piece alive as a node of a rope, about 60 bytes per token: here each
 * rope is short, and sixteen of them become one flat string. What was read is kept, so that reading again costs only what came
 * since.
 */
class TextBuffer {
  #joined = ''
  #blocks: string[] | undefined
  #ropes: string[] | undefined
  #rope = ''

  add(piece: string): void {
    this.#rope += piece
    if (this.#rope.length < 512) return
    const ropes = (this.#ropes ??= [])
    const rope = this.#rope
    this.#rope = ''
    if (ropes.push(rope) < 16) return
    ;(this.#blocks ??= []).push(ropes.join(''))
    this.#ropes = undefined
  }

  toString(): string {
    this.#joined += [...(this.#blocks ?? []), ...(this.#ropes ?? []), this.#rope].join('')
    this.#blocks = this.#ropes = undefined
    this.#rope = ''
    return this.#joined
  }
}
