import { element } from '../elements.js'
import { decoded } from './entities.js'

/**
 * @typedef {import('./lexer.js').AnyToken} AnyToken
 * @typedef {import('./lexer.js').Token} Token
 */

/**
 * The elements of inline Markdown.
 *
 * @param {readonly AnyToken[]} tokens
 * @returns {(Node | string)[]}
 */
export function nodesOf(tokens) {
  // There are no extensions that make other tokens.
  return /** @type {Token[]} */ (tokens).flatMap((token) => {
    const inside = () => ('tokens' in token && token.tokens ? nodesOf(token.tokens) : [])
    switch (token.type) {
      case 'strong':
      case 'em':
      case 'del':
        return element(token.type, {}, ...inside())
      case 'codespan':
        return element('code', {}, token.text)
      case 'br':
      case 'html':
        return element('br')
      case 'link':
        return linkTo(token.href, inside())
      case 'image':
        // A link, because loading it would contact another server.
        return linkTo(token.href, [decoded(token.text) || 'image'])
      case 'escape':
        return token.text
      case 'checkbox':
        return []
      default:
        if ('tokens' in token && token.tokens) return inside()
        return decoded('text' in token ? token.text : token.raw)
    }
  })
}

const SCHEMES = ['http:', 'https:', 'mailto:']

/**
 * @param {string} href
 * @param {(Node | string)[]} inside
 * @returns {(Node | string)[]}
 */
function linkTo(href, inside) {
  const isSafe = URL.canParse(href) && SCHEMES.includes(new URL(href).protocol)
  if (!isSafe) return [...inside, ` (${href})`]
  return [element('a', { href, target: '_blank', rel: 'noopener noreferrer', title: href }, ...inside)]
}
