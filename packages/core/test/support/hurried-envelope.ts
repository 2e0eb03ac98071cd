import { type Envelopes, parsed, textOf } from './envelopes.ts'

/** What is forgotten. */
export type Mistake = 'escapes' | 'what stands behind' | 'the proof' | 'the padding'

/** An envelope as one writes it in a hurry: it forgets something. */
export class Hurried implements Envelopes {
  suffixLength = 0
  #prefix = ''
  #suffix = ''
  readonly #forgets: Mistake | undefined

  constructor(forgets?: Mistake) {
    this.#forgets = forgets
  }

  textStart({ buffer, start, end }: Parameters<Envelopes['textStart']>[0]): number {
    const whole = Buffer.from(buffer.subarray(start, end)).toString('latin1')
    const json = this.#forgets === 'the padding' ? whole : whole.replace(/ *\}$/, '}')
    if (this.#prefix === '' || !json.startsWith(this.#prefix)) return -1
    if (this.#forgets !== 'what stands behind' && !json.endsWith(this.#suffix)) return -1
    const from = this.#prefix.length
    const to = json.length - this.#suffix.length
    if (to < from) return -1
    this.suffixLength = whole.length - to
    return this.#forgets !== 'escapes' && /["\\\x00-\x1f]/.test(json.slice(from, to)) ? -1 : start + from
  }

  learn(message: string, text: string): void {
    const json = Buffer.from(message).toString('latin1')
    const quoted = Buffer.from(JSON.stringify(text)).toString('latin1')
    const at = json.lastIndexOf(`:${quoted}`)
    if (at === -1 || !json.endsWith('}')) return
    const prefix = json.slice(0, at + 2)
    const suffix = json.slice(at + quoted.length)
    const proves = (words: string): boolean =>
      textOf(parsed(Buffer.from(`${prefix}${words}${suffix}`, 'latin1').toString())) === words
    if (this.#forgets !== 'the proof' && !(proves('one') && proves('other'))) return
    this.#prefix = prefix
    this.#suffix = this.#forgets === 'the padding' ? suffix.replace(/\s*\}$/, '') : suffix.replace(/ *\}$/, '}')
  }
}
