import { Lexer, Tokenizer } from 'marked'

/**
 * @typedef {import('marked').Token} AnyToken
 * @typedef {import('marked').MarkedToken | (import('marked').Tokens.Code & { closed: boolean })} Token `closed`: no more of it follows
 * @typedef {import('marked').Links} Links
 */

/** How deep quotes and lists nest. An answer may be 3,000 `>`; what is deeper than a page can show is text. */
const MAX_DEPTH = 20
/** How deep emphasis and links nest: the text inside is parsed once for each. */
const MAX_INLINE_DEPTH = 4
/** Emphasis is not longer, in characters: each of its marks is looked for that far. */
const MAX_EMPHASIS = 500
/** How many marks may begin emphasis in one text that is parsed; a page of prose has a hundred. */
const MAX_MARKS = 1_000

/** How deep something is, with a bound. */
class Depth {
  #depth = 0
  #max

  /** @param {number} max */
  constructor(max) {
    this.#max = max
  }

  /**
   * @template Found
   * @param {() => Found} read
   * @returns {Found | undefined} `undefined` where it is too deep
   */
  inside(read) {
    if (this.#depth === this.#max) return undefined
    this.#depth++
    try {
      return read()
    } finally {
      this.#depth--
    }
  }
}

/** GFM without HTML, which stays text, and with a bound on nesting. */
class PageTokenizer extends Tokenizer {
  #blocks = new Depth(MAX_DEPTH)
  #inlines = new Depth(MAX_INLINE_DEPTH)
  #marks = 0

  /** @override */
  html() {
    return undefined
  }

  /**
   * A line break is the only tag that has a meaning here.
   *
   * @override
   * @param {string} src
   * @returns {import('marked').Tokens.Tag | undefined}
   */
  tag(src) {
    const [raw] = /^<br\s*\/?>/i.exec(src) ?? []
    return raw === undefined
      ? undefined
      : { type: 'html', raw, text: '\n', block: false, inLink: false, inRawBlock: false }
  }

  /** @override @param {string} src */
  blockquote(src) {
    return this.#blocks.inside(() => super.blockquote(src))
  }

  /** @override @param {string} src */
  list(src) {
    return this.#blocks.inside(() => super.list(src))
  }

  /** @override @param {[string, string, string?]} found */
  emStrong(...found) {
    // It is asked at each piece of text.
    if (!/^[*_]/.test(found[0]) || ++this.#marks > MAX_MARKS) return undefined
    return this.#inlines.inside(() => super.emStrong(...near(found)))
  }

  /** @override @param {[string, string, string?]} found */
  del(...found) {
    return this.#inlines.inside(() => super.del(...near(found)))
  }

  /** @override @param {string} src */
  link(src) {
    return this.#inlines.inside(() => super.link(src))
  }
}

/**
 * What emphasis is looked for in: not in all of a long paragraph.
 *
 * @param {[string, string, string?]} found The text from a mark on, that of the whole paragraph, and the character before the mark
 * @returns {[string, string, string]}
 */
const near = ([src, whole, before = '']) => [
  src.slice(0, MAX_EMPHASIS),
  whole.slice(0, whole.length - Math.max(0, src.length - MAX_EMPHASIS)),
  before,
]

/**
 * The blocks of a text, without the space between them.
 *
 * @param {string} text
 * @param {Links} [links] The link definitions of the text before it; those of this text are added
 * @returns {Token[]}
 */
export function lex(text, links = Object.create(null)) {
  const lexer = new Lexer({ gfm: true, tokenizer: new PageTokenizer() })
  lexer.tokens.links = links
  // There are no extensions that make other tokens.
  const tokens = /** @type {Token[]} */ (lexer.lex(text))
  return tokens.filter(({ type }) => type !== 'space')
}
