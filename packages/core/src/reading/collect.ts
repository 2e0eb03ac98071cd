import type { AssistantMessage, ChatEvent, ChatResult, Thought, ToolCall } from '../chat.ts'
import { ChatError } from '../errors.ts'
import { batchesOf, eachEvent } from '../stream.ts'

/** Assembles an answer from its events. One is made for every answer, so its rarely used parts are created on demand. */
export class Collector {
  #start: Extract<ChatEvent, { type: 'start' }> | undefined
  #text = new TextBuffer()
  #reasoning: Reasoning | undefined
  #calls: Map<string, { name: string; json: TextBuffer }> | undefined
  #finish: Extract<ChatEvent, { type: 'finish' }> | undefined

  add(event: ChatEvent): void {
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

/**
 * Reads a stream to its end and returns the whole answer. There is no separate "generate" call, not even for endpoints that
 * answer in one piece.
 *
 * @throws what the stream throws; a `ChatError` has the partial answer as `partial`.
 * @example
 * const { text } = await collect(lockchat().stream({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }))
 */
export async function collect(stream: AsyncIterable<ChatEvent>): Promise<ChatResult> {
  const collector = new Collector()
  const batches = batchesOf(stream)
  try {
    for (let read = await batches.next(); read.done !== true; read = await batches.next()) {
      for (const event of read.value) collector.add(event)
    }
  } finally {
    // A foreign stream that missed a deadline continues until it is closed.
    batches.close()
  }
  const result = collector.result()
  // A foreign provider may break the rule of the one finish; a truncated answer must not pass for a whole one.
  if (result.reason === undefined) {
    throw new ChatError('truncated', 'the stream ended without a finish event', {
      provider: result.provider,
      partial: result,
    })
  }
  return result
}

/**
 * Gives the text of an answer, piece by piece.
 *
 * @throws what the stream throws; also a `ChatError` when a group restarts the answer (`onBreak: 'restart'`), because delivered
 * text can't be taken back: read the events instead.
 * @example
 * for await (const text of textOf(provider.stream(request))) process.stdout.write(text)
 */
export function textOf(stream: AsyncIterable<ChatEvent>): AsyncIterableIterator<string, undefined> {
  return eachEvent(batchesOf(stream), (event) => {
    if (event.type === 'text') return event.text
    if (event.type !== 'restart') return undefined
    const message = `${event.from} failed (${event.message}) and the answer starts over, but a part of its text has been delivered: read the events of the stream instead of textOf().`
    throw new ChatError(event.reason, message, { provider: event.from })
  })
}

/**
 * Turns an answer into a message, to send back with the next request. Its `origin` is the provider, so that what only that
 * provider understands is sent to no other.
 *
 * @example
 * const result = await collect(provider.stream({ model: 'gpt-4', messages: history }))
 * history.push(toMessage(result), { role: 'user', content: 'Go on.' })
 */
export function toMessage(result: ChatResult): AssistantMessage {
  return {
    role: 'assistant',
    content: result.text,
    ...(result.toolCalls.length > 0 && { toolCalls: result.toolCalls }),
    ...(result.thoughts !== undefined && { thoughts: result.thoughts }),
    origin: result.provider,
  }
}
