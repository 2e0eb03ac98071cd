/**
 * Joins an answer and its continuation. A member that continues a text may repeat its end: a server that only imitates
 * prefilling repeats the whole text, a model begins with the line break that was there already. A repetition is trimmed, but
 * only where it can hardly be meant:
 *
 * - the end of the text so far, from 12 characters up: shorter ends are repeated by chance ("that ", "</p>");
 * - the whole text so far, from 4 characters up: after "Well", another "Well" begins the answer again, but "1" may be followed
 *   by "1", and one backtick by two;
 * - neither when it repeats itself, the whole text twice ("haha"), an end three times ("------------", "| --- | --- | --- |"):
 *   a rule of dashes continues with dashes, and two dashes too many are better than a table that is cut. Twice is not a pattern
 *   in an end: "w10 w1010 w1011" cut after "w101" ends with "0 w101" twice;
 * - white space of any length, as far as the text so far ends with it.
 *
 * A phrase that is meant twice in a row, right at the break, is lost.
 */

/** Ends shorter than this are repeated by chance. */
const MIN_OVERLAP = 12
/** Texts shorter than this begin with themselves by chance. */
const MIN_WHOLE = 4
/** How far back an end is looked for. The whole text is looked for at any length. */
const WINDOW = 1024

export class OverlapTrimmer {
  /** What the next member continues: the text so far without white space at its end, and without half a surrogate pair. */
  readonly prefill: string
  /** That white space, which the reader has already. */
  readonly #space: string
  /** How much of the new text repeats the old one from its beginning. */
  #repeated = 0
  /** The new text, once it differs from the old one. */
  #next: string | undefined
  readonly #tail: string

  constructor(before: string) {
    const whole = isHigh(before, before.length - 1) ? before.slice(0, -1) : before
    this.prefill = whole.trimEnd()
    this.#space = whole.slice(this.prefill.length).slice(-WINDOW)
    this.#tail = this.prefill.slice(-WINDOW)
  }

  /** Takes a piece of the new text; gives what is new of all pieces, or `undefined` until that is decided. */
  add(piece: string): string | undefined {
    if (this.#next === undefined) {
      // A repetition of the whole text is compared as it comes and never kept: it may be as long as the answer.
      if (this.prefill.startsWith(piece, this.#repeated)) {
        this.#repeated += piece.length
        return undefined
      }
      this.#next = this.prefill.slice(0, this.#repeated)
    }
    this.#next += piece
    return this.#isOpen(this.#next) ? undefined : this.end()
  }

  /** What is new of all pieces, when no more come. */
  end(): string {
    const next = this.#next ?? this.prefill.slice(0, this.#repeated)
    const rest = next.slice(this.#overlap(next))
    const fresh = rest.slice(overlapOf(this.#space, rest, 1))
    // The first half of this pair was never delivered.
    return isLow(fresh, 0) ? fresh.slice(1) : fresh
  }

  /** How much of the new text repeats the end of the old one. */
  #overlap(next: string): number {
    const { prefill } = this
    if (prefill.length >= MIN_WHOLE && next.startsWith(prefill) && timesRepeated(prefill) < 2) return prefill.length
    const length = overlapOf(this.#tail, next, MIN_OVERLAP)
    return timesRepeated(next.slice(0, length)) < 3 ? length : 0
  }

  /** Whether more text could make the overlap longer. */
  #isOpen(next: string): boolean {
    if (couldGrow(this.#tail, next, MIN_OVERLAP)) return true
    return couldGrow(this.#space, next.slice(this.#overlap(next)), 1)
  }
}

/**
 * A turn that the caller had begun, with the answer to it: what an endpoint repeats of the beginning is there once.
 * `undefined` when the answer is too short to tell.
 */
export function wholeTurn(beginning: string, answer: string): string | undefined {
  if (beginning === '') return answer
  const fresh = new OverlapTrimmer(beginning).add(answer)
  return fresh === undefined ? undefined : beginning + fresh
}

/** The length of the longest end of `before` that `next` begins with, or 0 when it is shorter than `least`. */
function overlapOf(before: string, next: string, least: number): number {
  for (let length = Math.min(before.length, next.length); length >= least; length--) {
    if (before.endsWith(next.slice(0, length))) return length
  }
  return 0
}

/** Whether all of `next` is the beginning of a longer end of `before`. */
function couldGrow(before: string, next: string, least: number): boolean {
  const last = before.length - Math.max(least, next.length + 1)
  const at = before.indexOf(next)
  return at !== -1 && at <= last
}

/** How often a text repeats its shortest period, the last time perhaps in part: 2.5 for "abcdabcdab". */
function timesRepeated(text: string): number {
  // The length of the longest prefix that also ends here (Knuth, Morris and Pratt).
  const borders = new Uint32Array(text.length)
  let border = 0
  for (let at = 1; at < text.length; at++) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0
    if (text[at] === text[border]) border++
    borders[at] = border
  }
  return text.length / (text.length - border)
}

const isHigh = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800
const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00
