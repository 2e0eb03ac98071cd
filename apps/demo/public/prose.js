import { copyButton, element } from './elements.js'
import { inline } from './inline.js'

/**
 * @typedef {import('./blocks.js').Block} Block
 * @typedef {import('./blocks.js').Item} Item
 * @typedef {import('./blocks.js').Row} Row
 * @typedef {import('./inline.js').Inline} Inline
 */

/**
 * What an element shows. `open`: it was rendered while more text could follow.
 *
 * @type {WeakMap<Element, { part: { raw: string }, open: boolean }>}
 */
const rendered = new WeakMap()

/**
 * Makes a parent show these blocks. Unchanged elements stay, down to the items of a list and the rows of a table.
 *
 * @param {HTMLElement} parent
 * @param {readonly Block[]} blocks
 * @param {boolean} open whether more text may follow
 */
export function patch(parent, blocks, open) {
  patchParts(parent, blocks, open, drawBlock, updateBlock)
}

/**
 * @template {{ raw: string }} Part
 * @param {HTMLElement} parent
 * @param {readonly Part[]} parts
 * @param {boolean} open
 * @param {(part: Part, open: boolean) => HTMLElement} draw
 * @param {(old: Element, was: Part, part: Part, open: boolean) => boolean} update
 */
function patchParts(parent, parts, open, draw, update) {
  for (const [index, part] of parts.entries()) {
    const isOpen = open && index === parts.length - 1
    const old = parent.children[index]
    const known = old && rendered.get(old)
    if (old && known && known.open === isOpen && (known.part === part || known.part.raw === part.raw)) continue
    // A parent's children were rendered from parts of the same type.
    const was = /** @type {Part | undefined} */ (known?.part)
    let drawn = old
    if (!old || !was || !update(old, was, part, isOpen)) {
      drawn = draw(part, isOpen)
      if (old) old.replaceWith(drawn)
      else parent.append(drawn)
    }
    if (drawn) rendered.set(drawn, { part, open: isOpen })
  }
  while (parent.children.length > parts.length) parent.lastElementChild?.remove()
}

/**
 * Updates an element in place if its block has only been extended.
 *
 * @param {Element} old
 * @param {Block} was
 * @param {Block} block
 * @param {boolean} open
 * @returns {boolean} whether it was possible
 */
function updateBlock(old, was, block, open) {
  if (!(old instanceof HTMLElement)) return false
  if (block.type === 'code' && was.type === 'code') {
    const code = old.querySelector('code')
    if (!code || was.language !== block.language || !block.text.startsWith(was.text)) return false
    code.append(block.text.slice(was.text.length))
    return true
  }
  if (block.type === 'list' && was.type === 'list') {
    if (was.ordered !== block.ordered || was.start !== block.start) return false
    old.classList.toggle('tight', block.tight)
    patchParts(old, block.items, open, drawItem, updateItem)
    return true
  }
  if (block.type === 'quote' && was.type === 'quote') {
    patch(old, block.blocks, open)
    return true
  }
  if (block.type === 'table' && was.type === 'table') {
    const body = old.querySelector('tbody')
    if (!body || was.head.join('|') !== block.head.join('|') || was.align.join() !== block.align.join()) return false
    patchParts(body, block.rows, open, rowDrawer(block.align), () => false)
    return true
  }
  return false
}

/**
 * @param {Block} block
 * @param {boolean} open
 * @returns {HTMLElement}
 */
function drawBlock(block, open) {
  switch (block.type) {
    case 'paragraph':
      return element('p', {}, ...nodesOf(inline(block.text, { open })))
    case 'heading':
      // The page itself has the h1.
      return element(HEADINGS[Math.min(block.level, 4) - 1] ?? 'h5', {}, ...nodesOf(inline(block.text, { open })))
    case 'rule':
      return element('hr')
    case 'code':
      return drawCode(block.language, block.text)
    case 'quote': {
      const quote = element('blockquote')
      patch(quote, block.blocks, open)
      return quote
    }
    case 'list': {
      const list = block.ordered ? element('ol', { start: String(block.start) }) : element('ul')
      list.classList.toggle('tight', block.tight)
      patchParts(list, block.items, open, drawItem, updateItem)
      return list
    }
    case 'table': {
      const head = element('tr', {}, ...block.head.map((text, column) => cell('th', text, block.align[column])))
      const body = element('tbody')
      patchParts(body, block.rows, open, rowDrawer(block.align), () => false)
      // A wide table scrolls separately from the page, by keyboard too.
      const frame = { class: 'table', role: 'region', 'aria-label': 'Table', tabindex: '0' }
      return element('div', frame, element('table', {}, element('thead', {}, head), body))
    }
  }
}

const HEADINGS = /** @type {const} */ (['h2', 'h3', 'h4', 'h5'])

/**
 * @param {Item} item
 * @param {boolean} open
 */
function drawItem(item, open) {
  const drawn = element('li', item.task ? { class: `task ${item.task}` } : {})
  patch(drawn, item.blocks, open)
  return drawn
}

/**
 * @param {Element} old
 * @param {Item} was
 * @param {Item} item
 * @param {boolean} open
 */
function updateItem(old, was, item, open) {
  if (!(old instanceof HTMLElement) || was.task !== item.task) return false
  patch(old, item.blocks, open)
  return true
}

/** @param {readonly string[]} align */
const rowDrawer = (align) => (/** @type {Row} */ row) =>
  element('tr', {}, ...row.cells.map((text, column) => cell('td', text, align[column])))

/**
 * @param {'td' | 'th'} tag
 * @param {string} text
 * @param {string | undefined} align
 */
function cell(tag, text, align) {
  return element(tag, align ? { class: align } : {}, ...nodesOf(inline(text)))
}

/**
 * @param {string} language
 * @param {string} text
 */
function drawCode(language, text) {
  const code = element('code', {}, text)
  return element(
    'figure',
    { class: 'code', dir: 'ltr' },
    element(
      'figcaption',
      {},
      element('span', {}, language || 'text'),
      copyButton(() => code.textContent ?? '', 'the code'),
    ),
    element('pre', { tabindex: '0', 'aria-label': 'Code' }, code),
  )
}

/**
 * @param {readonly Inline[]} parts
 * @returns {(Node | string)[]}
 */
function nodesOf(parts) {
  return parts.map((part) => {
    switch (part.type) {
      case 'text':
        return part.text
      case 'code':
        return element('code', {}, part.text)
      case 'break':
        return element('br')
      case 'link':
        return element(
          'a',
          { href: part.href, target: '_blank', rel: 'noopener noreferrer', title: part.href },
          ...nodesOf(part.children),
        )
      case 'strong':
      case 'em':
      case 'del':
        return element(part.type, {}, ...nodesOf(part.children))
    }
  })
}
