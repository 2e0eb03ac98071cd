/**
 * @typedef {import('./blocks.js').Block} Block
 * @typedef {import('./blocks.js').Item} Item
 * @typedef {import('./blocks.js').Found} Found
 * @typedef {{ indent: number, content: number, sign: string, start: number, rest: string }} Marker
 */

/**
 * @param {string} line
 * @returns {Marker | undefined}
 */
function markerOf(line) {
  const [whole, space = '', sign = '', gap = ''] = /^( *)([-*+]|\d{1,9}[.)])( +|$)/.exec(line) ?? []
  if (whole === undefined) return undefined
  // Five spaces after the marker would be code in CommonMark; here they are only spaces.
  const content = space.length + sign.length + Math.max(1, gap.length)
  const isNumber = sign.length > 1
  return {
    indent: space.length,
    content,
    sign: sign.slice(-1),
    start: isNumber ? Number.parseInt(sign, 10) : 1,
    rest: line.slice(whole.length),
  }
}

/**
 * A line with the tabs of its indentation as spaces.
 *
 * @param {string} line
 */
const expanded = (line) => line.replace(/^[ \t]+/, (space) => space.replaceAll('\t', '    '))

/** @param {string} line */
const indentOf = (line) => line.length - line.trimStart().length

/**
 * Whether a line starts a list. Directly after a paragraph, a number starts one only if it is 1: a sentence may end with
 * "in the year\n1999."
 *
 * @param {string} line
 * @param {boolean} [afterParagraph]
 */
export function startsList(line, afterParagraph = false) {
  const marker = markerOf(expanded(line))
  if (marker === undefined || marker.indent > 3) return false
  return !afterParagraph || (marker.start === 1 && marker.rest !== '')
}

/**
 * @param {string[]} source
 * @param {number} at
 * @param {{ splitBlocks: (text: string) => Block[], interrupts: (line: string) => boolean }} tools
 * @returns {Found}
 */
export function readList(source, at, { splitBlocks, interrupts }) {
  const first = markerOf(expanded(source[at] ?? ''))
  /** @type {Item[]} */
  const items = []
  let tight = true
  let next = at
  for (;;) {
    const marker = markerOf(expanded(source[next] ?? ''))
    if (!first || !marker || marker.sign !== first.sign || marker.indent >= first.content) break
    // A line of dashes or asterisks is a rule, even between items.
    if (next > at && interrupts(expanded(source[next] ?? ''))) break
    const { body, end, hasGap } = readItem(source, next, marker, interrupts)
    items.push(itemOf(body, splitBlocks))
    if (hasGap) tight = false
    const following = skipBlank(source, end)
    const isSibling = markerOf(expanded(source[following] ?? ''))?.sign === first.sign
    if (following > end && following < source.length && isSibling) tight = false
    next = end
    if (!isSibling || following >= source.length) break
    next = following
  }
  const block = {
    type: /** @type {const} */ ('list'),
    raw: source.slice(at, next).join('\n'),
    ordered: first?.sign === '.' || first?.sign === ')',
    start: first?.start ?? 1,
    tight,
    items,
  }
  return { block, next }
}

/**
 * The lines of one item, without its indentation.
 *
 * @param {string[]} source Each line is expanded when it is read: a document may have as many lists as lines.
 * @param {number} at
 * @param {Marker} marker
 * @param {(line: string) => boolean} interrupts
 */
function readItem(source, at, marker, interrupts) {
  const body = [marker.rest]
  // Models indent the content of an item by two, three or four spaces, whatever its marker.
  const least = Math.min(marker.content, marker.indent + 2)
  let hasGap = false
  let end = at + 1
  while (end < source.length) {
    const line = expanded(source[end] ?? '')
    if (line.trim() === '') {
      const following = skipBlank(source, end)
      const text = expanded(source[following] ?? '')
      if (following >= source.length || indentOf(text) < least) break
      // A blank line before a nested list does not separate paragraphs.
      if (!markerOf(text)) hasGap = true
      for (; end < following; end++) body.push('')
      continue
    }
    const isInside = indentOf(line) >= least
    if (!isInside && (markerOf(line) || interrupts(line))) break
    body.push(line.slice(Math.min(indentOf(line), marker.content)))
    end++
  }
  return { body, end, hasGap }
}

/**
 * @param {string[]} lines
 * @param {number} at
 */
function skipBlank(lines, at) {
  let next = at
  while (next < lines.length && (lines[next] ?? '').trim() === '') next++
  return next
}

/**
 * @param {string[]} body
 * @param {(text: string) => Block[]} splitBlocks
 * @returns {Item}
 */
function itemOf(body, splitBlocks) {
  const raw = body.join('\n')
  const box = /^\[([ xX])\] /.exec(raw)
  if (!box) return { raw, blocks: splitBlocks(raw) }
  return { raw, task: box[1] === ' ' ? 'open' : 'done', blocks: splitBlocks(raw.slice(4)) }
}
