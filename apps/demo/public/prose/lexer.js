import { Lexer, Tokenizer } from 'marked'

/**
 * @typedef {import('marked').Token} AnyToken
 * @typedef {import('marked').MarkedToken | (import('marked').Tokens.Code & { closed: boolean })} Token `closed`: no more of it follows
 * @typedef {import('marked').Links} Links
 */

/** How deep quotes, lists and emphasis nest. An answer may be 3,000 `>`; what is deeper than a page can show is text. */
const MAX_DEPTH = 20

/** GFM without HTML, which stays text, and with a bound on nesting. */
class PageTokenizer extends Tokenizer {
  #depth = 0

  /**
   * @template Found
   * @param {() => Found} read
   * @returns {Found | undefined}
   */
  #inside(read) {
    if (this.#depth === MAX_DEPTH) return undefined
    this.#depth++
    try {
      return read()
    } finally {
      this.#depth--
    }
  }

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
    return this.#inside(() => super.blockquote(src))
  }

  /** @override @param {string} src */
  list(src) {
    return this.#inside(() => super.list(src))
  }

  /** @override @param {[string, string, string?]} found */
  emStrong(...found) {
    return this.#inside(() => super.emStrong(...found))
  }

  /** @override @param {[string, string, string?]} found */
  del(...found) {
    return this.#inside(() => super.del(...found))
  }

  /** @override @param {string} src */
  link(src) {
    return this.#inside(() => super.link(src))
  }
}

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
