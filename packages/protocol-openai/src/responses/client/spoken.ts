import { ChatError } from '@rivulet/core'
import { isIndexKey } from './item-key.ts'

interface Part {
  text: string
  /** A closing event has repeated it: nothing is added. */
  isWhole: boolean
}

interface Item {
  readonly parts: Map<string, Part>
  isWhole: boolean
}

/** How far the repetition of what was said has been compared. */
interface Comparison {
  readonly said: string
  at: number
}

/**
 * The text of one kind in an output. It arrives in pieces, and is repeated up to four times: at the end of its part, of its
 * item and of the response. What the pieces left out is said when the first repetition brings it.
 */
export class Spoken {
  readonly #say: (text: string) => void
  readonly #separator: string
  readonly #items = new Map<string, Item>()
  /** In the order in which they were said. Only the last can go on. */
  readonly #parts: Part[] = []
  /** The items with text, in the order in which they began to speak. */
  readonly #said: Item[] = []
  /** How many of them the final response has been compared with, and where those end. */
  #compared = { index: 0, end: 0 }
  /** The item of the last part. */
  #lastItem: Item | undefined
  /** The item that began or spoke last. */
  #open: Item | undefined
  #output: Comparison | undefined

  /** @param separator Said between two parts of an item. */
  constructor(say: (text: string) => void, separator = '') {
    this.#say = say
    this.#separator = separator
  }

  /** Whether any text has been said, or any of one item. */
  hasSpoken(key?: string): boolean {
    return key === undefined ? this.#parts.length > 0 : (this.#items.get(key)?.parts.size ?? 0) > 0
  }

  /** An item begins. Its key may be that of an earlier item, which is whole: some servers count every item as 0. */
  begin(key: string): void {
    if (this.#items.get(key)?.isWhole !== false) this.#items.set(key, (this.#open = newItem()))
  }

  /** @throws ChatError `malformed` for a piece after the whole, and for one of a part after another part has begun. */
  piece(key: string, index: string, text: string): void {
    const item = this.#item(key)
    if (text === '') return
    const part = item.parts.get(index)
    if (item.isWhole || part?.isWhole === true) throw differs()
    this.#add(item, index, text)
  }

  /** The end of a part. */
  part(key: string, index: string, whole: string): void {
    const item = this.#item(key)
    if (whole === '' || item.isWhole) return
    const { text = '', isWhole = false } = item.parts.get(index) ?? {}
    if (!whole.startsWith(text) || (isWhole && whole.length > text.length)) throw differs()
    this.#add(item, index, whole.slice(text.length)).isWhole = true
  }

  /** The end of an item. */
  item(key: string, wholes: readonly string[]): void {
    const item = this.#item(key)
    if (wholes.every((whole) => whole === '')) return
    const said = joined(item.parts.values())
    const comparison: Comparison = { said, at: 0 }
    this.#compare(comparison, wholes, item)
    if (comparison.at < said.length) throw differs()
    item.isWhole = true
  }

  /** The next item of the final response. Its place and its id may differ from those in the events. */
  output(wholes: readonly string[]): void {
    this.#output ??= { said: joined(this.#parts), at: 0 }
    const { said, at } = this.#output
    const isNew = at === said.length
    const repeated = isNew || said.startsWith(wholes[0] ?? '', at) ? undefined : this.#endOf(wholes.join(''), at)
    if (repeated !== undefined) this.#output.at = repeated
    else this.#compare(this.#output, wholes, (isNew ? undefined : this.#lastItem) ?? newItem())
  }

  /** The final response has no more items. It may leave out all, or the last ones that have ended, but no part of one. */
  end(): void {
    const { said, at } = this.#output ?? { said: '', at: 0 }
    if (at > 0 && at < said.length && !this.#isLeftOut(at)) throw differs()
  }

  #isLeftOut(from: number): boolean {
    const left = this.#after(from)
    return left.end === from && this.#said.slice(left.index).every(({ isWhole }) => isWhole)
  }

  /** The first item of which not everything was before this place, and where it begins. */
  #after(place: number): { index: number; end: number } {
    let { index, end } = this.#compared
    for (let item = this.#said[index]; item !== undefined; item = this.#said[++index]) {
      const { length } = joined(item.parts.values())
      if (end + length > place) break
      end += length
    }
    this.#compared = { index, end }
    return this.#compared
  }

  /**
   * The end of the next item with this text, spaces around it aside. Some servers repeat only some of the items: those before
   * it must have ended by themselves.
   */
  #endOf(whole: string, from: number): number | undefined {
    let { index, end } = this.#after(from)
    for (let item = this.#said[index]; item !== undefined; item = this.#said[++index]) {
      const text = joined(item.parts.values())
      end += text.length
      if (text.trim() === whole.trim()) return end
      if (!item.isWhole) return undefined
    }
    return undefined
  }

  #item(key: string): Item {
    let item = this.#items.get(key)
    if (item === undefined) {
      // Without an index in the output, only ids name an item, and some servers change them from event to event.
      const goesOn = !isIndexKey(key) && this.#open?.isWhole === false
      item = (goesOn ? this.#open : undefined) ?? newItem()
      this.#items.set(key, item)
    }
    return item
  }

  #add(item: Item, index: string, text: string): Part {
    const last = this.#parts.at(-1)
    let part = item.parts.get(index)
    if (part === undefined) {
      if (item.parts.size > 0 && this.#separator !== '') this.#say(this.#separator)
      item.parts.set(index, (part = { text: '', isWhole: false }))
      this.#parts.push(part)
      if (item.parts.size === 1) this.#said.push(item)
      this.#lastItem = this.#open = item
    } else if (text !== '' && part !== last) {
      throw new ChatError('malformed', 'the answer adds to a text after the next one has begun')
    }
    part.text += text
    if (text !== '') this.#say(text)
    return part
  }

  #compare(comparison: Comparison, wholes: readonly string[], item: Item): void {
    const { said } = comparison
    for (const [index, whole] of wholes.entries()) {
      const left = said.length - comparison.at
      if (whole.length <= left) {
        if (!said.startsWith(whole, comparison.at)) throw differs()
        comparison.at += whole.length
      } else {
        if (!whole.startsWith(said.slice(comparison.at))) throw differs()
        comparison.at = said.length
        this.#addRest(item, left > 0 ? undefined : `whole ${index}`, whole.slice(left))
      }
    }
  }

  /** @param index A new part; `undefined` to go on with the last one. */
  #addRest(item: Item, index: string | undefined, rest: string): void {
    const key = index ?? [...item.parts.keys()].at(-1) ?? ''
    if (item.isWhole || item.parts.get(key)?.isWhole === true) throw differs()
    this.#add(item, key, rest)
  }
}

const newItem = (): Item => ({ parts: new Map(), isWhole: false })

const joined = (parts: Iterable<Part>): string => Array.from(parts, ({ text }) => text).join('')

const differs = (): ChatError =>
  new ChatError('malformed', 'the pieces of the answer differ from the text that it repeats')
