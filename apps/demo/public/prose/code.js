import { copyButton, element } from '../elements.js'
import { piecesOf } from './colours.js'

/** @typedef {{ lang?: string, text: string, closed?: boolean }} Code */

/** Code is laid out in parts of about this many characters: a line that is added moves only those of its part. */
const PART = 4_096
/** Longer code keeps one colour. */
const MAX_COLOURED = 60_000

/**
 * @param {Code} block
 * @returns {HTMLElement}
 */
export function drawCode(block) {
  const language = languageOf(block)
  const code = element('code')
  append(code, block.text)
  const figure = element(
    'figure',
    { class: 'code', dir: 'ltr' },
    element(
      'figcaption',
      {},
      element('span', {}, language || 'text'),
      copyButton(() => code.textContent ?? '', 'the code'),
    ),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': language ? `Code, ${language}` : 'Code' }, code),
  )
  if (block.closed) void colour(code, language, block.text)
  return figure
}

/**
 * Shows code that has only been extended. Returns whether it was possible.
 *
 * @param {HTMLElement} figure
 * @param {Code} was
 * @param {Code} block
 */
export function extendCode(figure, was, block) {
  const code = figure.querySelector('code')
  if (!code || languageOf(was) !== languageOf(block) || !block.text.startsWith(was.text)) return false
  append(code, block.text.slice(was.text.length))
  if (block.closed) void colour(code, languageOf(block), block.text)
  return true
}

/** @param {Code} block */
const languageOf = ({ lang = '' }) => lang.trim().split(/[\s{]/, 1)[0] ?? ''

/**
 * @param {HTMLElement} code
 * @param {string} text
 */
function append(code, text) {
  while (text !== '') {
    const last = code.lastElementChild
    const { length } = last?.textContent ?? ''
    if (last && length < PART) {
      const end = text.indexOf('\n', PART - length) + 1 || text.length
      last.append(text.slice(0, end))
      text = text.slice(end)
    } else if (last && !last.textContent?.endsWith('\n')) {
      const end = text.indexOf('\n') + 1 || text.length
      last.append(text.slice(0, end))
      text = text.slice(end)
    } else code.append(element('span', { class: 'part' }))
  }
}

/**
 * @param {HTMLElement} code
 * @param {string} language
 * @param {string} text
 */
async function colour(code, language, text) {
  if (language === '' || text.length > MAX_COLOURED) return
  const pieces = await piecesOf(language, text)
  if (pieces.length === 0 || code.textContent !== text) return
  let at = 0
  let piece = 0
  let left = pieces[0]?.length ?? 0
  for (const part of code.children) {
    const end = at + (part.textContent?.length ?? 0)
    const nodes = []
    while (at < end) {
      const take = Math.min(left, end - at)
      const kind = pieces[piece]?.kind
      const words = text.slice(at, at + take)
      nodes.push(kind ? element('span', { class: kind }, words) : words)
      at += take
      left -= take
      if (left === 0) left = pieces[++piece]?.length ?? Infinity
    }
    part.replaceChildren(...nodes)
  }
}
