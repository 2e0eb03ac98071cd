import { type EnvelopeReader, parsed, pieceOf } from './envelopes.ts'

/** What a flawed envelope ignores. */
export type Flaw = 'escapes' | 'the text after it' | 'the proof' | 'the padding' | 'the end of the noise'

/** A simple envelope that ignores one thing, or nothing. */
export class FlawedEnvelope implements EnvelopeReader {
  #pattern: RegExp | undefined
  readonly #flaw: Flaw | undefined

  constructor(flaw?: Flaw) {
    this.#flaw = flaw
  }

  textOf({ buffer, start, end }: Parameters<EnvelopeReader['textOf']>[0]): string | undefined {
    const json = Buffer.from(buffer.subarray(start, end)).toString('latin1')
    const text = this.#pattern?.exec(json)?.groups?.text
    return text === undefined ? undefined : Buffer.from(text, 'latin1').toString()
  }

  learn(json: string, message: unknown): void {
    const piece = pieceOf(message)
    if (piece === undefined) return
    const words = [piece.text, ...(piece.noise ?? [])]
    const cuts = words.map((word) => {
      const quoted = JSON.stringify(word)
      const at = json.lastIndexOf(`:${quoted}`) + 2
      return { word, at, to: at + quoted.length - 2 }
    })
    const [text, noise = text] = cuts
    if (text === undefined || noise === undefined || cuts.some(({ at }) => at === 1)) return
    const [first, last] = text.at < noise.at ? [text, noise] : [noise, text]
    if (first !== last && first.to > last.at) return
    const parts = [
      json.slice(0, first.at),
      ...(first === last ? [] : [json.slice(first.to, last.at)]),
      json.slice(last.to),
    ]
    const filled = (words: readonly string[]): string => parts.map((part, at) => part + (words[at] ?? '')).join('')
    const proves = (one: string, other: string): boolean => {
      const piece = pieceOf(parsed(filled(first === text ? [one, other] : [other, one])))
      return piece?.text === one && (first === last || piece.noise?.[0] === other)
    }
    if (this.#flaw !== 'the proof' && !(proves('one', 'other') && proves('other', 'one'))) return
    const plain = this.#flaw === 'escapes' ? '.*' : String.raw`[^"\\\x00-\x1f]*`
    const hole = (of: typeof first): string =>
      of === text ? `(?<text>${plain})` : this.#flaw === 'the end of the noise' ? '.*' : String.raw`[^"\\\x00-\x1f]*`
    const literals = parts.map((part) => Buffer.from(part).toString('latin1'))
    const [head = '', ...rest] = literals.map((part) =>
      part.replaceAll(/[^\w]/g, (character) => `\\x${hex(character)}`),
    )
    const ends = this.#flaw === 'the padding' ? /(?:\\x20)*\\x7d$/ : /\\x7d$/
    const tail = (rest.at(-1) ?? '').replace(ends, this.#flaw === 'the padding' ? '\\s*' : String.raw` *\}`)
    const middle = first === last ? '' : `${hole(first)}${rest[0] ?? ''}`
    const after = this.#flaw === 'the text after it' ? '".*' : tail
    this.#pattern = new RegExp(`^${head}${middle}${hole(last)}${after}$`, 's')
  }
}

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
