/**
 * The text with its open marks closed, as they probably will be: so that bold text is bold from its first letter on, and a link is
 * its words and not half an address.
 *
 * @param {string} text
 */
export function finished(text) {
  const from = text.lastIndexOf('\n') + 1
  const line = text.slice(from).slice(-MAX_LINE)
  const before = text.slice(0, text.length - line.length)
  const words = line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length))
  const tick = words.indexOf('`')
  if (tick !== -1) return tick === line.length - 1 ? before + line.slice(0, -1) : `${text}\``
  const link = /!?\[([^[\]]*)(?:\]\(?[^()\s]*)?$/.exec(words)
  // A closed pair of brackets may be just that.
  const isLink = link !== null && !link[0].endsWith(']')
  const rest = isLink ? line.slice(0, link.index) + line.slice(link.index).replace(/^!?\[([^\]]*).*$/s, '$1') : line
  const bare = rest.replace(/(?<=^|[\s(])(?:\*{1,3}|~~?|__?)$/, '')
  const marks = bare.replace(/`[^`]*`/g, '').match(/\*\*|~~/g) ?? []
  const open = ['**', '~~'].filter((mark) => marks.filter((found) => found === mark).length % 2 === 1)
  return before + (open.length > 0 ? bare.trimEnd() + open.join('') : bare)
}

/** Longer than emphasis and links are. */
const MAX_LINE = 2_000
