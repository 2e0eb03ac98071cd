/**
 * Where one answer ends and another goes on with it. Who continues a text may say its end once more: a server that only
 * imitates prefilling repeats the whole text, a model begins with the line break that was there already. What is said
 * again is cut away, but only where it can hardly be meant:
 *
 * - the end of the text so far, from 12 characters up: shorter ends are repeated by chance ("that ", "</p>");
 * - the whole text so far, from 4 characters up: who breaks off after "Well" and goes on with "Well" has begun anew, but
 *   "1" may go on with "1", and one backtick with two;
 * - neither when it is itself a repetition ("------------", "haha"): a rule of dashes goes on with dashes, and two dashes
 *   too many are better than a table that is cut;
 * - white space of any length, as far as it stands there already.
 *
 * A refrain that is really sung twice, right at the break, is lost.
 */

/** Ends shorter than this are repeated by chance. */
const MIN_OVERLAP = 12
/** Texts shorter than this begin with themselves by chance. */
const MIN_WHOLE = 4
/** How far back an end is looked for. The whole text is looked for at any length. */
const WINDOW = 1024

export class OverlapTrimmer {
  /** What was sent to be gone on with: the text so far without its white space at the end, and without half a character. */
  readonly prefill: string
  /** That white space: the reader has it already. */
  readonly #space: string
  /** How much of the new text is the old one from its beginning. */
  #echoed = 0
  /** The new text, once it is more than an echo. */
  #next: string | undefined
  readonly #tail: string

  constructor(before: string) {
    const whole = isHigh(before, before.length - 1) ? before.slice(0, -1) : before
    this.prefill = whole.trimEnd()
    this.#space = whole.slice(this.prefill.length).slice(-WINDOW)
    this.#tail = this.prefill.slice(-WINDOW)
  }

  /** Takes a piece of the new text; gives what is new of all so far, or `undefined` as long as that is not decided. */
  add(piece: string): string | undefined {
    if (this.#next === undefined) {
      // An echo is compared as it comes and never kept: it may be as long as the answer.
      const fits = this.#echoed + piece.length <= this.prefill.length
      if (fits && this.prefill.startsWith(piece, this.#echoed)) {
        this.#echoed += piece.length
        return undefined
      }
      this.#next = this.prefill.slice(0, this.#echoed)
    }
    this.#next += piece
    return this.#isOpen(this.#next) ? undefined : this.end()
  }

  /** What is new of all so far, when no more comes before it is decided. */
  end(): string {
    const next = this.#next ?? this.prefill.slice(0, this.#echoed)
    const rest = next.slice(this.#overlap(next))
    const fresh = rest.slice(overlapOf(this.#space, rest, 1))
    // Its first half was never delivered.
    return isLow(fresh, 0) ? fresh.slice(1) : fresh
  }

  /** How much of the new text stands at the end of the old one. */
  #overlap(next: string): number {
    const { prefill } = this
    if (prefill.length >= MIN_WHOLE && next.startsWith(prefill) && !isRepetition(prefill)) return prefill.length
    const length = overlapOf(this.#tail, next, MIN_OVERLAP)
    return length > 0 && !isRepetition(next.slice(0, length)) ? length : 0
  }

  /** Whether more text could make the overlap longer. */
  #isOpen(next: string): boolean {
    if (next.length < this.#tail.length && couldGrow(this.#tail, next, MIN_OVERLAP)) return true
    const rest = next.slice(this.#overlap(next))
    return rest.length < this.#space.length && couldGrow(this.#space, rest, 1)
  }
}

/**
 * A turn that its caller had begun, with the answer to it: an endpoint that says the beginning once more has said it once.
 * `undefined` when the answer is too short to tell.
 */
export function turnOf(begun: string, answer: string): string | undefined {
  if (begun === '') return answer
  const fresh = new OverlapTrimmer(begun).add(answer)
  return fresh === undefined ? undefined : begun + fresh
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

/** Whether a text is a shorter one said at least twice, the last time perhaps in part: its period is half of it or less. */
function isRepetition(text: string): boolean {
  // How long the longest beginning is that also ends here (Knuth, Morris and Pratt).
  const borders = new Uint32Array(text.length)
  let border = 0
  for (let at = 1; at < text.length; at++) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0
    if (text[at] === text[border]) border++
    borders[at] = border
  }
  return (text.length - border) * 2 <= text.length
}

const isHigh = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xd800
const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00
