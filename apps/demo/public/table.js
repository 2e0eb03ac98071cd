/**
 * @typedef {import('./blocks.js').Align} Align
 * @typedef {import('./blocks.js').Found} Found
 */

const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/

/**
 * Whether a table starts here: a header row, then a delimiter row with as many columns.
 *
 * @param {string[]} lines
 * @param {number} at
 */
export function isTableAt(lines, at) {
  const [head = '', delimiter = ''] = [lines[at], lines[at + 1]]
  return (
    head.includes('|') &&
    delimiter.includes('|') &&
    DELIMITER.test(delimiter) &&
    cells(head).length === cells(delimiter).length
  )
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {(line: string) => boolean} interrupts
 * @returns {Found}
 */
export function readTable(lines, at, interrupts) {
  const head = cells(lines[at] ?? '')
  const rows = []
  let next = at + 2
  for (; next < lines.length; next++) {
    const raw = lines[next] ?? ''
    if (!raw.includes('|') || interrupts(raw)) break
    const found = cells(raw)
    // As many cells as the header has: pad missing ones, drop extra ones.
    rows.push({ raw, cells: head.map((_, column) => found[column] ?? '') })
  }
  const align = cells(lines[at + 1] ?? '').map(alignOf)
  return { block: { type: 'table', raw: lines.slice(at, next).join('\n'), align, head, rows }, next }
}

/** @param {string} line */
function cells(line) {
  const inner = line.trim().replace(/^\|/, '')
  /** @type {string[]} */
  const found = []
  let cell = ''
  for (const piece of inner.matchAll(/\\\||\||[^|\\]+|\\/g)) {
    if (piece[0] === '|') {
      found.push(cell.trim())
      cell = ''
    } else cell += piece[0] === '\\|' ? '|' : piece[0]
  }
  if (cell.trim() !== '' || found.length === 0) found.push(cell.trim())
  return found
}

/**
 * @param {string} delimiter
 * @returns {Align}
 */
function alignOf(delimiter) {
  const [left, right] = [delimiter.startsWith(':'), delimiter.endsWith(':')]
  if (left && right) return 'center'
  if (right) return 'right'
  return left ? 'left' : ''
}
