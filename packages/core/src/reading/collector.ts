import type { ChatEvent, ChatResult, Thought, ToolCall } from '../chat.ts'

/** An event of an answer or of a tool run, whose tool results are no part of an answer. */
export type AnyEvent = ChatEvent | { readonly type: 'tool-result' }

/** Assembles an answer from its events. One is made for every answer, so its rarely used parts are created on demand. */
export class Collector {
  #start: Extract<ChatEvent, { type: 'start' }> | undefined
  #text = new TextBuffer()
  #reasoning: Reasoning | undefined
  #calls: Map<string, { name: string; json: TextBuffer }> | undefined
  #finish: Extract<ChatEvent, { type: 'finish' }> | undefined

  add(event: AnyEvent): void {
    switch (event.type) {
      case 'text':
        this.#text.add(event.text)
        break
      case 'reasoning':
        addThought((this.#reasoning ??= { text: new TextBuffer(), thought: new TextBuffer(), thoughts: [] }), event)
        break
      case 'tool-call':
        ;(this.#calls ??= new Map()).set(event.id, { name: event.name, json: new TextBuffer() })
        break
      case 'tool-input':
        this.#calls?.get(event.id)?.json.add(event.json)
        break
      case 'start':
        this.#start = event
        break
      case 'restart':
        this.#text = new TextBuffer()
        this.#reasoning = undefined
        this.#calls = undefined
        break
      case 'finish':
        this.#finish = event
        break
      case 'resume':
      case 'raw':
      case 'tool-result':
        break
    }
  }

  /** The answer so far; `reason` is absent until it is complete. */
  result(): ChatResult {
    const { provider = '', model = '', id } = this.#start ?? {}
    const { reason, usage, skipped } = this.#finish ?? {}
    const reasoning = this.#reasoning?.text.toString() ?? ''
    const thoughts = this.#reasoning?.thoughts ?? []
    const toolCalls: ToolCall[] = []
    for (const [callId, { name, json }] of this.#calls ?? []) {
      toolCalls.push({ id: callId, name, json: json.toString() || '{}' })
    }
    return {
      provider,
      model,
      ...(id !== undefined && { id }),
      text: this.#text.toString(),
      ...(reasoning !== '' && { reasoning }),
      ...(thoughts.length > 0 && { thoughts: [...thoughts] }),
      toolCalls,
      ...(reason !== undefined && { reason }),
      ...(usage !== undefined && { usage }),
      ...(skipped !== undefined && { skipped }),
    }
  }
}

interface Reasoning {
  text: TextBuffer
  /** The part of `text` that belongs to the thought that is not complete yet. */
  thought: TextBuffer
  thoughts: Thought[]
}

function addThought(to: Reasoning, { text, signature, sealed }: Extract<ChatEvent, { type: 'reasoning' }>): void {
  to.text.add(text)
  to.thought.add(text)
  if (signature === undefined && sealed === undefined) return
  const thought = { text: to.thought.toString(), ...(signature !== undefined && { signature }) }
  to.thoughts.push(sealed === undefined ? thought : { ...thought, sealed })
  to.thought = new TextBuffer()
}

/**
 * Joins many pieces of text. `+=` would keep every piece alive as a node of a rope, about 60 bytes per token; here 1,024 pieces
 * become one flat string.
 */
class TextBuffer {
  #blocks: string[] | undefined
  #pieces: string[] | undefined

  add(piece: string): void {
    const pieces = (this.#pieces ??= [])
    if (pieces.push(piece) < 1024) return
    ;(this.#blocks ??= []).push(pieces.join(''))
    this.#pieces = undefined
  }

  toString(): string {
    return [...(this.#blocks ?? []), ...(this.#pieces ?? [])].join('')
  }
}
