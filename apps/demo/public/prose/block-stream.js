import { lex } from './lexer.js'
import { finished } from './unfinished.js'

/**
 * @typedef {import('./lexer.js').Token} Token
 * @typedef {{ indent: RegExp, isEnd: RegExp, lang: string, text: string }} OpenCode
 */

/** How much text is taken in one step. */
const STEP = 2_048
/** A block that is longer goes on as another one of its kind, so that no block is parsed again and again in its whole length. */
const MAX_BLOCK = 8_192

const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*([^`\n]*)\n?/

/**
 * The blocks of a text that is still streaming. Blocks before the one with the last complete line are settled: they are not
 * parsed again and stay the same objects, so that streaming costs work only at the end of the answer.
 */
export class BlockStream {
  /** @type {Token[]} */
  #settled = []
  /** What has arrived and is not taken yet. */
  #pending = ''
  /** The source from the first block on that may still change. */
  #tail = ''
  /**
   * The code that the tail is in.
   *
   * @type {OpenCode | undefined}
   */
  #code
  /** @type {import('marked').Links} */
  #links = Object.create(null)

  /**
   * Forgets the first blocks, which are settled and drawn: `read()` no longer gives them.
   *
   * @param {number} count
   */
  forget(count) {
    this.#settled.splice(0, count)
  }

  /** @param {string} text */
  push(text) {
    this.#pending += text
  }

  /** Whether all that has arrived is in the blocks. */
  get isCurrent() {
    return this.#pending === ''
  }

  /**
   * The blocks so far.
   *
   * @param {boolean} [open] whether more text may follow
   * @param {number} [budget] how many characters are taken, so that a text that arrives all at once does not make a long task
   * @returns {Token[]}
   */
  read(open = false, budget = Infinity) {
    for (let taken = 0; this.#pending !== '' && taken < budget; taken += STEP) {
      // Some endpoints end their lines with CRLF.
      this.#tail += this.#pending.slice(0, STEP).replaceAll('\r', '')
      this.#pending = this.#pending.slice(STEP)
      while (this.#settle());
    }
    const isOpen = open || this.#pending !== ''
    if (this.#code !== undefined) return [...this.#settled, this.#openCode(this.#code, isOpen)]
    return [...this.#settled, ...lex(isOpen ? finished(this.#tail) : this.#tail, this.#links).filter(isShown)]
  }

  /** Settles what can be. Returns whether there may be more. */
  #settle() {
    // The kind of a block is known only when its line is complete: `#` may become a heading or a hashtag.
    const end = this.#tail.lastIndexOf('\n') + 1
    if (this.#code !== undefined) return this.#settleCode(this.#code, end)
    const lines = this.#tail.slice(0, end)
    const blocks = lex(lines, this.#links)
    const last = blocks.at(-1)
    const start = last === undefined ? end : lines.lastIndexOf(last.raw)
    if (start > 0) {
      this.#settled.push(...blocks.slice(0, -1).filter(isShown))
      this.#tail = this.#tail.slice(start)
    }
    const [whole, indent = '', fence = '', info = ''] = FENCE.exec(this.#tail) ?? []
    if (last?.type === 'code' && whole?.endsWith('\n')) {
      this.#tail = this.#tail.slice(whole.length)
      this.#code = {
        indent: new RegExp(`^ {0,${indent.length}}`),
        isEnd: new RegExp(`^ {0,3}${fence.charAt(0)}{${fence.length},}[ \\t]*$`),
        lang: info,
        text: '',
      }
      return true
    }
    return this.#tail.length > MAX_BLOCK && this.#cut(last)
  }

  /** @param {Token | undefined} last */
  #cut(last) {
    const piece = this.#tail.slice(0, MAX_BLOCK)
    // A line that goes in belongs to the one before it.
    const line = /^[^]*\n(?=\S)/.exec(piece)?.[0].length ?? piece.lastIndexOf('\n') + 1
    const at = line || piece.lastIndexOf(' ') + 1 || piece.replace(/[\ud800-\udbff]$/, '').length
    this.#settled.push(...lex(piece.slice(0, at), this.#links).filter(isShown))
    // The rest of a table has the head of the whole.
    const head = last?.type === 'table' ? (/^.*\n.*\n/.exec(this.#tail)?.[0] ?? '') : ''
    this.#tail = (head.length < at ? head : '') + this.#tail.slice(at)
    return true
  }

  /**
   * @param {OpenCode} code
   * @param {number} end
   */
  #settleCode(code, end) {
    const lines = this.#tail.slice(0, end).split('\n').slice(0, -1)
    const last = lines.findIndex((line) => code.isEnd.test(line))
    const inside = last === -1 ? lines : lines.slice(0, last)
    code.text += inside.map((line) => `${line.replace(code.indent, '')}\n`).join('')
    if (last === -1) {
      this.#tail = this.#tail.slice(end)
      return false
    }
    this.#tail = this.#tail.slice(lines.slice(0, last + 1).join('\n').length + 1)
    this.#code = undefined
    this.#settled.push({ ...codeOf(code, code.text), closed: true })
    return true
  }

  /**
   * @param {OpenCode} code
   * @param {boolean} isOpen
   */
  #openCode(code, isOpen) {
    const isEnd = code.isEnd.test(this.#tail)
    // While more may follow, it may be the beginning of the fence that ends the code.
    const isHidden = isEnd || (isOpen && /^ {0,3}[`~]+$/.test(this.#tail))
    const block = codeOf(code, code.text + (isHidden ? '' : this.#tail.replace(code.indent, '')))
    return isEnd && !isOpen ? { ...block, closed: true } : block
  }
}

/**
 * The definition of a link is not.
 *
 * @param {Token} token
 */
const isShown = ({ type }) => type !== 'def'

/**
 * @param {OpenCode} code
 * @param {string} text
 * @returns {Extract<Token, { closed: boolean }>}
 */
const codeOf = ({ lang }, text) => ({ type: 'code', raw: text, lang, text: text.replace(/\n$/, ''), closed: false })
