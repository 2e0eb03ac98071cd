const MARK = /<span class="([^"]*)">|<\/span>|&(?:amp|lt|gt|quot|#x27);/g

/**
 * The lengths and kinds of the pieces of highlighted code, so that no HTML has to reach the page.
 *
 * @param {string} html What highlight.js writes: escaped text in nested `span`s
 * @returns {{ kind: string, length: number }[]}
 */
export function piecesOfHtml(html) {
  /** @type {{ kind: string, length: number }[]} */
  const pieces = []
  /** @type {string[]} */
  const kinds = []
  /** @param {number} length */
  const add = (length) => {
    const kind = kinds.at(-1) ?? ''
    const last = pieces.at(-1)
    if (last?.kind === kind) last.length += length
    else if (length > 0) pieces.push({ kind, length })
  }
  let at = 0
  for (const { 0: mark, 1: kind, index } of html.matchAll(MARK)) {
    add(index - at)
    at = index + mark.length
    if (kind !== undefined) kinds.push(kind)
    else if (mark === '</span>') kinds.pop()
    else add(1)
  }
  add(html.length - at)
  return pieces
}
