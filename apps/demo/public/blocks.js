import { readList, startsList } from './list-items.js'
import { isTableAt, readTable } from './table.js'

/**
 * A block of Markdown. `raw` is its source without surrounding blank lines; blocks with equal sources are equal.
 *
 * @typedef {{ type: 'paragraph', raw: string, text: string }
 *   | { type: 'heading', raw: string, level: number, text: string }
 *   | { type: 'code', raw: string, language: string, text: string }
 *   | { type: 'quote', raw: string, blocks: Block[] }
 *   | { type: 'list', raw: string, ordered: boolean, start: number, tight: boolean, items: Item[] }
 *   | { type: 'table', raw: string, align: Align[], head: string[], rows: Row[] }
 *   | { type: 'rule', raw: string }} Block
 * @typedef {{ raw: string, task?: 'open' | 'done', blocks: Block[] }} Item
 * @typedef {{ raw: string, cells: string[] }} Row
 * @typedef {'left' | 'center' | 'right' | ''} Align
 * @typedef {{ block: Block, next: number }} Found `next` is the first line after the block
 */

const FENCE = /^( {0,3})(`{3,}|~{3,})\s*([^`]*)$/
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/
const RULE = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/
const QUOTE = /^ {0,3}> ?/

/** @param {string | undefined} line */
const isBlank = (line) => line === undefined || line.trim() === ''

/** How deep quotes and lists nest. An answer may be 3,000 `>`; what is deeper than a page can show is a paragraph. */
const MAX_DEPTH = 20

/**
 * Splits a text into its blocks. Pure. Anything that is not another kind of block is a paragraph.
 *
 * @param {string} text
 * @param {number} [depth] in how many quotes and lists it is
 * @returns {Block[]}
 */
export function splitBlocks(text, depth = 0) {
  return located(text, depth).map(({ block }) => block)
}

/** From this length on, a block that is still growing is parsed again only when it has grown by a twentieth. */
const LONG_TAIL = 32_768

/**
 * The blocks of a text that is still streaming. Blocks before the one with the last complete line are settled: they are not
 * parsed again and stay the same objects, so that streaming costs work only at the end of the answer.
 */
export class BlockStream {
  /** @type {Block[]} */
  #settled = []
  /** The source starting at the first block that may still change. */
  #tail = ''
  /** How long the tail was when it was last parsed. */
  #parsedLength = 0
  /** @type {Block[]} */
  #last = []

  /** @param {string} text */
  push(text) {
    this.#tail += text
  }

  /**
   * The blocks so far. A block that is very long lags a little while more may come: a list of 20,000 items would otherwise be
   * parsed as a whole for each of them.
   *
   * @param {boolean} [open] whether more may come
   * @returns {Block[]}
   */
  read(open = false) {
    const { length } = this.#tail
    if (open && length > LONG_TAIL && length < this.#parsedLength * 1.05) return this.#last
    this.#last = this.#parse()
    this.#parsedLength = this.#tail.length
    return this.#last
  }

  /** @returns {Block[]} */
  #parse() {
    // The kind of a block is known only when its line is complete: `#` may become a heading or a hashtag.
    const whole = located(this.#tail.slice(0, this.#tail.lastIndexOf('\n') + 1))
    const last = whole.pop()
    if (last && whole.length > 0) {
      this.#settled.push(...whole.map(({ block }) => block))
      this.#tail = this.#tail.slice(last.from)
    }
    return [...this.#settled, ...splitBlocks(this.#tail)]
  }
}

/**
 * @param {string} text
 * @param {number} [depth]
 * @returns {{ block: Block, from: number }[]} with the offset at which each starts
 */
function located(text, depth = 0) {
  const lines = text.split('\n')
  // Some endpoints end their lines with CRLF; the offsets refer to the original text.
  const clean = lines.map((line) => line.replace(/\r$/, ''))
  const found = []
  let from = 0
  for (let at = 0; at < lines.length;) {
    if (isBlank(lines[at])) {
      from += (lines[at]?.length ?? 0) + 1
      at += 1
      continue
    }
    const { block, next } = blockAt(clean, at, depth)
    found.push({ block, from })
    for (; at < next; at++) from += (lines[at]?.length ?? 0) + 1
  }
  return found
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {Found}
 */
function blockAt(lines, at, depth) {
  const line = lines[at] ?? ''
  if (FENCE.test(line)) return readCode(lines, at)
  const heading = HEADING.exec(line)
  if (heading?.[2]) {
    return found(lines, at, at + 1, { type: 'heading', level: heading[1]?.length ?? 1, text: heading[2] })
  }
  if (RULE.test(line)) return found(lines, at, at + 1, { type: 'rule' })
  if (depth < MAX_DEPTH) {
    /** @param {string} text */
    const splitInside = (text) => splitBlocks(text, depth + 1)
    if (QUOTE.test(line)) return readQuote(lines, at, splitInside)
    if (startsList(line)) return readList(lines, at, { splitBlocks: splitInside, interrupts })
  }
  if (isTableAt(lines, at)) return readTable(lines, at, interrupts)
  return readParagraph(lines, at)
}

/**
 * Whether a line starts another block even directly after a paragraph.
 *
 * @param {string} line
 */
function interrupts(line) {
  return FENCE.test(line) || Boolean(HEADING.exec(line)?.[2]) || RULE.test(line) || QUOTE.test(line)
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {Found}
 */
function readParagraph(lines, at) {
  let next = at + 1
  for (; next < lines.length; next++) {
    const line = lines[next] ?? ''
    const underline = UNDERLINE.exec(line)?.[1]
    if (underline) {
      const text = lines.slice(at, next).join('\n').trim()
      return found(lines, at, next + 1, { type: 'heading', level: underline.startsWith('=') ? 1 : 2, text })
    }
    if (isBlank(line) || interrupts(line) || startsList(line, true) || isTableAt(lines, next)) break
  }
  const text = lines
    .slice(at, next)
    .map((line) => line.trimStart())
    .join('\n')
    .trimEnd()
  return found(lines, at, next, { type: 'paragraph', text })
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {Found}
 */
function readCode(lines, at) {
  const [, indent = '', fence = '', info = ''] = FENCE.exec(lines[at] ?? '') ?? []
  const isEnd = new RegExp(`^ {0,3}${fence.charAt(0)}{${fence.length},}[ \\t]*$`)
  const outdent = new RegExp(`^ {0,${indent.length}}`)
  let end = at + 1
  while (end < lines.length && !isEnd.test(lines[end] ?? '')) end++
  const text = lines
    .slice(at + 1, end)
    .map((line) => line.replace(outdent, ''))
    .join('\n')
  const language = info.trim().split(/[\s{]/, 1)[0] ?? ''
  return found(lines, at, Math.min(end + 1, lines.length), { type: 'code', language, text })
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {(text: string) => Block[]} splitInside
 * @returns {Found}
 */
function readQuote(lines, at, splitInside) {
  let next = at
  // A continuation line may omit the `>`.
  while (next < lines.length && !isBlank(lines[next])) {
    const line = lines[next] ?? ''
    if (!QUOTE.test(line) && (interrupts(line) || startsList(line, true))) break
    next++
  }
  const inner = lines.slice(at, next).map((line) => line.replace(QUOTE, ''))
  return found(lines, at, next, { type: 'quote', blocks: splitInside(inner.join('\n')) })
}

/**
 * @template {{ type: string }} Bare
 * @param {string[]} lines
 * @param {number} at
 * @param {number} next
 * @param {Bare} block
 */
function found(lines, at, next, block) {
  return { block: { ...block, raw: lines.slice(at, next).join('\n') }, next }
}
