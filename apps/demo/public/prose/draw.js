import { element } from '../elements.js'
import { drawCode, extendCode } from './code.js'
import { nodesOf } from './inline.js'

/**
 * @typedef {import('./lexer.js').AnyToken} AnyToken
 * @typedef {import('./lexer.js').Token} Token
 * @typedef {import('marked').Tokens.ListItem} Item
 * @typedef {import('marked').Tokens.TableCell} Cell
 * @typedef {{ raw: string, closed?: boolean }} Part
 */

/**
 * What an element shows.
 *
 * @type {WeakMap<Element, Part>}
 */
const drawn = new WeakMap()

/**
 * Makes a parent show these blocks. Unchanged elements stay, down to the items of a list and the rows of a table.
 *
 * @param {HTMLElement} parent
 * @param {readonly AnyToken[]} blocks
 */
export function patch(parent, blocks) {
  // There are no extensions that make other tokens.
  const visible = /** @type {Token[]} */ (blocks).filter(
    ({ type }) => type !== 'def' && type !== 'checkbox' && type !== 'space',
  )
  patchParts(parent, visible, drawBlock, updateBlock)
}

/**
 * Forgets what elements show: they will not be patched again.
 *
 * @param {readonly Element[]} elements
 */
export function forget(elements) {
  for (const element of elements) {
    drawn.delete(element)
    forget([...element.children])
  }
}

/**
 * @template {Part} Each
 * @param {HTMLElement} parent
 * @param {readonly Each[]} parts
 * @param {(part: Each) => HTMLElement} draw
 * @param {(old: HTMLElement, was: Each, part: Each) => boolean} update
 */
function patchParts(parent, parts, draw, update) {
  let old = parent.firstElementChild
  for (const part of parts) {
    const known = old && drawn.get(old)
    const next = old?.nextElementSibling ?? null
    if (known === undefined || known === null || !isSame(known, part)) {
      // A parent's children were drawn from parts of the same type.
      const was = /** @type {Each | null | undefined} */ (known)
      let now = old
      if (!(old instanceof HTMLElement) || !was || !update(old, was, part)) {
        now = draw(part)
        if (old) old.replaceWith(now)
        else parent.append(now)
      }
      if (now) drawn.set(now, part)
    }
    old = next
  }
  while (parent.childElementCount > parts.length) parent.lastElementChild?.remove()
}

/**
 * @param {Part} one
 * @param {Part} other
 */
const isSame = (one, other) => one === other || (one.raw === other.raw && one.closed === other.closed)

/**
 * Updates an element in place if its block has only been extended.
 *
 * @param {HTMLElement} old
 * @param {Token} was
 * @param {Token} block
 * @returns {boolean} whether it was possible
 */
function updateBlock(old, was, block) {
  switch (block.type) {
    case 'code':
      return was.type === 'code' && extendCode(old, codeOf(was), codeOf(block))
    case 'list':
      if (was.type !== 'list' || was.ordered !== block.ordered || was.start !== block.start) return false
      old.classList.toggle('tight', !block.loose)
      patchParts(old, block.items, drawItem, updateItem)
      return true
    case 'blockquote':
      if (was.type !== 'blockquote') return false
      patch(old, block.tokens)
      return true
    case 'table': {
      if (was.type !== 'table') return false
      const body = old.querySelector('tbody')
      if (!body || rowOf(was.header).raw !== rowOf(block.header).raw || was.align.join() !== block.align.join())
        return false
      patchParts(body, rowsOf(block), drawRow, () => false)
      return true
    }
    default:
      return false
  }
}

/**
 * @param {Token} block
 * @returns {HTMLElement}
 */
function drawBlock(block) {
  switch (block.type) {
    case 'heading':
      // The page itself has the h1.
      return element(HEADINGS[Math.min(block.depth, 4) - 1] ?? 'h5', {}, ...nodesOf(block.tokens))
    case 'hr':
      return element('hr')
    case 'code':
      return drawCode(codeOf(block))
    case 'blockquote': {
      const quote = element('blockquote')
      patch(quote, block.tokens)
      return quote
    }
    case 'list': {
      const list = block.ordered ? element('ol', { start: String(block.start) }) : element('ul')
      list.classList.toggle('tight', !block.loose)
      patchParts(list, block.items, drawItem, updateItem)
      return list
    }
    case 'table': {
      const head = element('tr', {}, ...block.header.map((cell) => drawCell('th', cell)))
      const body = element('tbody')
      patchParts(body, rowsOf(block), drawRow, () => false)
      // A wide table scrolls separately from the page, by keyboard too.
      const frame = { class: 'table', role: 'region', 'aria-label': 'Table', tabindex: '0' }
      return element('div', frame, element('table', {}, element('thead', {}, head), body))
    }
    default:
      return element('p', {}, ...nodesOf('tokens' in block && block.tokens ? block.tokens : [block]))
  }
}

const HEADINGS = /** @type {const} */ (['h2', 'h3', 'h4', 'h5'])

/**
 * @param {Extract<Token, { type: 'code' }>} block
 * @returns {import('./code.js').Code}
 */
const codeOf = (block) => ({
  lang: block.lang ?? '',
  text: block.text,
  closed: 'closed' in block ? block.closed : isFenced(block.raw),
})

/**
 * Whether code inside another block is complete; on the top level the stream knows.
 *
 * @param {string} raw
 */
const isFenced = (raw) => /^ {0,3}(`{3,}|~{3,})[^]*\n {0,3}\1[`~]*\s*$/.test(raw)

/** @param {Item} item */
function drawItem(item) {
  const made = element('li', item.task ? { class: `task ${item.checked ? 'done' : 'open'}` } : {})
  patch(made, item.tokens)
  return made
}

/**
 * @param {HTMLElement} old
 * @param {Item} was
 * @param {Item} item
 */
function updateItem(old, was, item) {
  if (was.task !== item.task || was.checked !== item.checked) return false
  patch(old, item.tokens)
  return true
}

/** @param {readonly Cell[]} cells */
const rowOf = (cells) => ({ raw: cells.map(({ text }) => text).join('|'), cells })

/** @param {import('marked').Tokens.Table} table */
const rowsOf = (table) => table.rows.map(rowOf)

/** @param {ReturnType<typeof rowOf>} row */
const drawRow = ({ cells }) => element('tr', {}, ...cells.map((cell) => drawCell('td', cell)))

/**
 * @param {'td' | 'th'} tag
 * @param {Cell} cell
 */
const drawCell = (tag, { tokens, align }) => element(tag, align ? { class: align } : {}, ...nodesOf(tokens))
