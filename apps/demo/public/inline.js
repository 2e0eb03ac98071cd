/**
 * What stands inside a paragraph.
 *
 * @typedef {{ type: 'text' | 'code', text: string }
 *   | { type: 'break' }
 *   | { type: 'strong' | 'em' | 'del', children: Inline[] }
 *   | { type: 'link', href: string, children: Inline[] }} Inline
 * @typedef {{ mark: string, children: Inline[] }} Frame
 */

/** Deeper than anybody writes; it bounds the search for what a mark closes. */
const MAX_DEPTH = 24
/** Longer than any label or address that is a link. */
const MAX_LINK = 2_000

const SPECIAL = /[\\`*_~[!<\n]|https?:\/\//g

/**
 * Reads a text into its parts. Nothing is ever lost: what is no Markdown is text.
 *
 * @param {string} text
 * @param {{ open?: boolean, inLink?: boolean }} [options] `open`: more may come, so what has begun counts as closed
 * @returns {Inline[]}
 */
export function inline(text, options = {}) {
  const frames = new Frames()
  let at = 0
  while (at < text.length) {
    SPECIAL.lastIndex = at
    const next = SPECIAL.exec(text)?.index ?? text.length
    frames.text(text.slice(at, next))
    if (next === text.length) break
    const end = special(text, next, frames, options)
    if (end === next) frames.text(text.charAt(next))
    at = Math.max(end, next + 1)
  }
  return frames.close(options.open === true)
}

/**
 * Reads what begins here; the result is where it ends, or `at` when it is only a character.
 *
 * @param {string} text
 * @param {number} at
 * @param {Frames} frames
 * @param {{ open?: boolean, inLink?: boolean }} options
 * @returns {number}
 */
function special(text, at, frames, options) {
  const rest = text.slice(at, at + MAX_LINK)
  switch (text[at]) {
    case '\\': {
      if (text[at + 1] === '\n') return frames.add({ type: 'break' }, at + 2)
      if (!/^\\[!-/:-@[-`{-~]/.test(rest)) return at
      frames.text(text.charAt(at + 1))
      return at + 2
    }
    case '\n': {
      if (text.slice(0, at).endsWith('  ')) return frames.add({ type: 'break' }, at + 1)
      frames.text(' ')
      return at + 1
    }
    case '`':
      return codeSpan(text, at, frames, options.open === true)
    case '*':
    case '_':
    case '~':
      return marks(text, at, frames, options.open === true)
    case '!':
      // A picture would be fetched from elsewhere: it is shown as a link.
      return text[at + 1] === '[' ? link(text, at + 1, frames, options) || at : at
    case '[':
      return link(text, at, frames, options) || at
    case '<': {
      const lineBreak = /^<br\s*\/?>/i.exec(rest)
      if (lineBreak) return frames.add({ type: 'break' }, at + lineBreak[0].length)
      const [whole, href = ''] = /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/i.exec(rest) ?? []
      if (whole === undefined || options.inLink || !isSafe(href)) return at
      return frames.add({ type: 'link', href, children: [{ type: 'text', text: href }] }, at + whole.length)
    }
    default: {
      const href = bareAddress(rest)
      if (options.inLink || !isSafe(href)) return at
      return frames.add({ type: 'link', href, children: [{ type: 'text', text: href }] }, at + href.length)
    }
  }
}

/**
 * @param {string} text
 * @param {number} at
 * @param {Frames} frames
 * @param {boolean} open
 */
function codeSpan(text, at, frames, open) {
  const ticks = /^`+/.exec(text.slice(at))?.[0] ?? '`'
  const from = at + ticks.length
  for (let end = text.indexOf(ticks, from); end !== -1; end = text.indexOf(ticks, end)) {
    const run = /^`+/.exec(text.slice(end))?.[0].length ?? 1
    if (run === ticks.length) return frames.add({ type: 'code', text: trimmed(text.slice(from, end)) }, end + run)
    end += run
  }
  if (open) return frames.add({ type: 'code', text: text.slice(from) }, text.length)
  frames.text(ticks)
  return from
}

/**
 * Spaces around a code span make room for a backtick at its edge, and are not part of it.
 *
 * @param {string} code
 */
function trimmed(code) {
  const line = code.replaceAll('\n', ' ')
  return /^ .*[^ ].* $/.test(line) ? line.slice(1, -1) : line
}

/**
 * @param {string} text
 * @param {number} at
 * @param {Frames} frames
 * @param {boolean} open
 */
function marks(text, at, frames, open) {
  const sign = text.charAt(at)
  let end = at
  while (text[end] === sign) end++
  const before = text[at - 1] ?? ' '
  const after = text[end] ?? ' '
  let left = end - at
  if (sign === '~' && left !== 2) {
    frames.text(sign.repeat(left))
    return end
  }
  // Inside a word an underscore is an underscore: snake_case.
  const isWordly = sign === '_'
  const closes = /\S/.test(before) && !(isWordly && /[\p{L}\p{N}]/u.test(after))
  const opens = /\S/.test(after) && !(isWordly && /[\p{L}\p{N}]/u.test(before))
  while (left > 0) {
    const closed = closes ? frames.closeMark(sign, left) : 0
    if (closed > 0) left -= closed
    else if (opens) left -= frames.openMark(sign.repeat(Math.min(left, 2)))
    else {
      // The last word may be about to begin: its marks are not worth a flicker.
      if (!(open && end === text.length)) frames.text(sign.repeat(left))
      left = 0
    }
  }
  return end
}

/**
 * `[label](address)`; 0 when it is none.
 *
 * @param {string} text
 * @param {number} at
 * @param {Frames} frames
 * @param {{ open?: boolean, inLink?: boolean }} options
 */
function link(text, at, frames, options) {
  if (options.inLink) return 0
  const rest = text.slice(at, at + MAX_LINK)
  const [whole, label = '', plain, angled] =
    /^\[((?:[^[\]\\]|\\.|\[[^[\]]*\])*)\]\(\s*(?:([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)|<([^<>\n]*)>)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/.exec(
      rest,
    ) ?? []
  if (whole === undefined) return 0
  const href = plain ?? angled ?? ''
  const children = inline(label === '' ? href : label, { inLink: true })
  // An address of another kind (javascript:, data:) is shown, not followed.
  if (!isSafe(href)) {
    for (const child of children) frames.add(child, 0)
    frames.text(` (${href})`)
    return at + whole.length
  }
  return frames.add({ type: 'link', href, children }, at + whole.length)
}

/** @param {string} href */
export function isSafe(href) {
  return /^(?:https?:\/\/|mailto:)/i.test(href) && URL.canParse(href)
}

/**
 * An address in running text: the full stop behind it is not part of it, nor is a bracket that it does not open.
 *
 * @param {string} text
 */
function bareAddress(text) {
  let address = /^https?:\/\/[^\s<>`*|]+/.exec(text)?.[0] ?? ''
  for (;;) {
    const shorter = address.replace(/[.,;:!?'"”’]+$/, '')
    const isUnopened = shorter.endsWith(')') && shorter.split('(').length < shorter.split(')').length
    const next = isUnopened ? shorter.slice(0, -1) : shorter
    if (next === address) return address
    address = next
  }
}

const TYPES = /** @type {const} */ ({ 1: 'em', 2: 'strong' })

/** The marks that are open, and what stands in each. */
class Frames {
  /** @type {Frame[]} */
  #frames = [{ mark: '', children: [] }]

  /** @returns {Inline[]} */
  get #here() {
    return this.#frames.at(-1)?.children ?? []
  }

  /** @param {string} text */
  text(text) {
    if (text === '') return
    const last = this.#here.at(-1)
    if (last?.type === 'text') last.text += text
    else this.#here.push({ type: 'text', text })
  }

  /**
   * @param {Inline} node
   * @param {number} end
   */
  add(node, end) {
    this.#here.push(node)
    return end
  }

  /** @param {string} mark */
  openMark(mark) {
    if (this.#frames.length > MAX_DEPTH) this.text(mark)
    else this.#frames.push({ mark, children: [] })
    return mark.length
  }

  /**
   * Closes the innermost mark of this sign that is no longer than `left`; gives its length, 0 when there is none.
   *
   * @param {string} sign
   * @param {number} left
   */
  closeMark(sign, left) {
    const found = this.#frames.findLastIndex(({ mark }) => mark.startsWith(sign) && mark.length <= left)
    if (found < 1) return 0
    while (this.#frames.length > found + 1) this.#giveUp()
    const { mark, children } = this.#frames.pop() ?? { mark: '', children: [] }
    if (children.length === 0) this.text(mark + mark)
    else this.#here.push(styled(mark, children))
    return mark.length
  }

  /**
   * @param {boolean} open
   * @returns {Inline[]}
   */
  close(open) {
    while (this.#frames.length > 1) {
      const { mark, children } = this.#frames.at(-1) ?? { mark: '', children: [] }
      if (open && children.length > 0) {
        this.#frames.pop()
        this.#here.push(styled(mark, children))
      } else this.#giveUp()
    }
    return this.#here
  }

  /** The innermost mark closes nothing: it is text. */
  #giveUp() {
    const { mark, children } = this.#frames.pop() ?? { mark: '', children: [] }
    this.text(mark)
    for (const child of children) {
      if (child.type === 'text') this.text(child.text)
      else this.#here.push(child)
    }
  }
}

/**
 * @param {string} mark
 * @param {Inline[]} children
 * @returns {Inline}
 */
function styled(mark, children) {
  return { type: mark.startsWith('~') ? 'del' : TYPES[mark.length === 2 ? 2 : 1], children }
}
