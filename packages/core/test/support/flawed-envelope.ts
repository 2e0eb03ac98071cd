import { type Envelopes, parsed, pieceOf } from './envelopes.ts'

/** What is forgotten. */
export type Mistake = 'escapes' | 'what stands behind' | 'the proof' | 'the padding' | 'the end of the noise'

/** An envelope as one writes it in a hurry: it forgets something. */
export class Hurried implements Envelopes {
  #pattern: RegExp | undefined
  readonly #forgets: Mistake | undefined

  constructor(forgets?: Mistake) {
    this.#forgets = forgets
  }

  textOf({ buffer, start, end }: Parameters<Envelopes['textOf']>[0]): string | undefined {
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
    const proves = (said: string, other: string): boolean => {
      const piece = pieceOf(parsed(filled(first === text ? [said, other] : [other, said])))
      return piece?.text === said && (first === last || piece.noise?.[0] === other)
    }
    if (this.#forgets !== 'the proof' && !(proves('one', 'other') && proves('other', 'one'))) return
    const plain = this.#forgets === 'escapes' ? '.*' : String.raw`[^"\\\x00-\x1f]*`
    const hole = (of: typeof first): string =>
      of === text ? `(?<text>${plain})` : this.#forgets === 'the end of the noise' ? '.*' : String.raw`[^"\\\x00-\x1f]*`
    const literals = parts.map((part) => Buffer.from(part).toString('latin1'))
    const [head = '', ...rest] = literals.map((part) => part.replaceAll(/[^\w]/g, (sign) => `\\x${hex(sign)}`))
    const ends = this.#forgets === 'the padding' ? /(?:\\x20)*\\x7d$/ : /\\x7d$/
    const tail = (rest.at(-1) ?? '').replace(ends, this.#forgets === 'the padding' ? '\\s*' : String.raw` *\}`)
    const middle = first === last ? '' : `${hole(first)}${rest[0] ?? ''}`
    const behind = this.#forgets === 'what stands behind' ? '".*' : tail
    this.#pattern = new RegExp(`^${head}${middle}${hole(last)}${behind}$`, 's')
  }
}

const hex = (sign: string): string => sign.charCodeAt(0).toString(16).padStart(2, '0')
