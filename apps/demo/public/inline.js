/**
 * The inline content of a paragraph.
 *
 * @typedef {{ type: 'text' | 'code', text: string }
 *   | { type: 'break' }
 *   | { type: 'strong' | 'em' | 'del', children: Inline[] }
 *   | { type: 'link', href: string, children: Inline[] }} Inline
 * @typedef {{ mark: string, children: Inline[] }} Frame
 */

/** Deeper than real text; bounds the search for an opening mark. */
const MAX_DEPTH = 24
/** Longer than any real link. */
const MAX_LINK = 2_000

const SPECIAL = /[\\`*_~[!<\n]|https?:\/\//g

/**
 * Parses inline Markdown. Nothing is lost: anything that is not Markdown stays text.
 *
 * @param {string} text
 * @param {{ open?: boolean, inLink?: boolean }} [options] `open`: more text may follow, so open marks count as closed
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
 * Parses the construct at `at`. Returns its end, or `at` if it is only a character.
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
      // Show an image as a link, because loading it would contact another server.
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
 * Removes the optional spaces around a code span, which allow a backtick at its edge.
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
  // Inside a word an underscore is literal: snake_case.
  const isUnderscore = sign === '_'
  const closes = /\S/.test(before) && !(isUnderscore && /[\p{L}\p{N}]/u.test(after))
  const opens = /\S/.test(after) && !(isUnderscore && /[\p{L}\p{N}]/u.test(before))
  while (left > 0) {
    const closed = closes ? frames.closeMark(sign, left) : 0
    if (closed > 0) left -= closed
    else if (opens) left -= frames.openMark(sign.repeat(Math.min(left, 2)))
    else {
      // The next word may follow at once: hide its opening marks to avoid flicker.
      if (!(open && end === text.length)) frames.text(sign.repeat(left))
      left = 0
    }
  }
  return end
}

/**
 * Parses `[label](address)`. Returns its end, or 0 if it is not a link.
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
  // Show an address with another scheme (javascript:, data:) as text.
  if (!isSafe(href)) {
    for (const child of children) frames.add(child, 0)
    frames.text(` (${href})`)
    return at + whole.length
  }
  return frames.add({ type: 'link', href, children }, at + whole.length)
}

/** @param {string} href */
function isSafe(href) {
  return /^(?:https?:\/\/|mailto:)/i.test(href) && URL.canParse(href)
}

/**
 * An address in running text, without trailing punctuation and without an unmatched closing bracket.
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

/** The stack of open marks and their content. */
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
   * Closes the innermost open mark of this sign that is at most `left` long. Returns its length, or 0 if there is none.
   *
   * @param {string} sign
   * @param {number} left
   */
  closeMark(sign, left) {
    const found = this.#frames.findLastIndex(({ mark }) => mark.startsWith(sign) && mark.length <= left)
    if (found < 1) return 0
    while (this.#frames.length > found + 1) this.#revertToText()
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
      } else this.#revertToText()
    }
    return this.#here
  }

  /** Turns the innermost unclosed mark back into text. */
  #revertToText() {
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
