import type { ChatRequest, NativeRequest } from '@rivulet/core'
import {
  type Dropped,
  type EncodedRequest,
  extraFields,
  isAuthor,
  isRecord,
  readSeal,
  spliceJson,
} from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { hasWords } from './encode-parts.ts'
import type { Author } from './encode-turn.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * A request of this dialect as its client sent it: only what must differ is set in its text. Two things are mended, and named:
 * thoughts that another model has sealed are taken out, and so are blank texts, which the API's own answers may contain and
 * which it refuses when they come back (seen 2026-11-20: `text content blocks must be non-empty`).
 */
export function passNative(
  request: ChatRequest,
  native: NativeRequest,
  path: string,
  author: Author,
  dropped: Dropped,
): EncodedRequest {
  const { body, headers } = native
  const set = {
    model: request.model,
    stream: request.stream === false ? undefined : true,
    ...extraFields(request, DIALECT),
  }
  const mender = new Mender(author)
  const messages = mender.messages(body.messages)
  if (mender.hasForeign) dropped.add('reasoning of another model')
  if (mender.hasBlank) dropped.add('blank texts')
  const text = mender.isChanged ? native.text : mender.opened(native.text)
  const json = spliceJson(text, mender.isChanged ? { messages, ...set } : set)
  return { path, body, json, headers: { ...headers } }
}

class Mender {
  hasForeign = false
  hasBlank = false
  readonly #author: Author
  /** The seals of this author, and what is in them. */
  readonly #seals = new Map<string, string>()

  constructor(author: Author) {
    this.#author = author
  }

  /** Blocks had to go, so that the messages must be written anew. */
  get isChanged(): boolean {
    return this.hasForeign || this.hasBlank
  }

  /** The text with this author's seals opened: a seal has no character that JSON escapes. */
  opened(text: string): string {
    return this.#seals.size === 0
      ? text
      : text.replaceAll(/"rvl1\.[\w-]+"/g, (quoted) => {
          const value = this.#seals.get(quoted.slice(1, -1))
          return value === undefined ? quoted : JSON.stringify(value)
        })
  }

  /** A turn that is left empty goes too. */
  messages(given: unknown): unknown {
    if (!Array.isArray(given)) return given
    return given.flatMap((message: unknown) => {
      if (!isRecord(message) || !Array.isArray(message.content)) return [message]
      const isAnswer = message.role === 'assistant'
      const content = message.content.flatMap((block: unknown) => (isRecord(block) ? this.#block(block) : [block]))
      const isKept = content.length > 0 || message.content.length === 0
      // What is left of a turn must not be thoughts alone.
      const isThought = isAnswer && content.length < message.content.length && content.every(isThinking)
      return isKept && !isThought ? [{ ...message, content }] : []
    })
  }

  #block(block: Fields): Fields[] {
    if (block.type === 'text' && typeof block.text === 'string' && !hasWords(block.text)) {
      this.hasBlank = true
      return []
    }
    const field = block.type === 'thinking' ? 'signature' : block.type === 'redacted_thinking' ? 'data' : undefined
    const given = field === undefined ? undefined : block[field]
    const seal = typeof given === 'string' ? readSeal(given) : undefined
    if (field === undefined || typeof given !== 'string' || seal === undefined) return [block]
    if (!isAuthor(seal, this.#author.provider, this.#author.model)) {
      this.hasForeign = true
      return []
    }
    this.#seals.set(given, seal.value)
    return [{ ...block, [field]: seal.value }]
  }
}

const isThinking = (block: unknown): boolean =>
  isRecord(block) && (block.type === 'thinking' || block.type === 'redacted_thinking')
