/** @typedef {{ kind: string, length: number }} Piece `kind`: a class such as `hljs-keyword`, or '' */

/** @type {Worker | undefined} */
let worker
/** @type {Map<number, (pieces: Piece[]) => void>} */
const waiting = new Map()
let count = 0

/**
 * The pieces of a code that have a colour, in order; none for an unknown language. A worker finds them, which is loaded when the
 * first code is complete.
 *
 * @param {string} language
 * @param {string} text
 * @returns {Promise<Piece[]>}
 */
export function piecesOf(language, text) {
  worker ??= started()
  const id = ++count
  worker.postMessage({ id, language, text })
  return new Promise((resolve) => waiting.set(id, resolve))
}

const PATH = '/highlighter.js'

/** The policy of the page takes no string for code, so that none can be made of an answer; this is the one script that it loads. */
const { trustedTypes } =
  /** @type {{ trustedTypes?: { createPolicy: (name: string, rules: { createScriptURL: () => string }) => { createScriptURL: (url: string) => string } } }} */ (
    globalThis
  )
const SCRIPT = trustedTypes?.createPolicy('worker', { createScriptURL: () => PATH }).createScriptURL(PATH) ?? PATH

function started() {
  const made = new Worker(SCRIPT, { type: 'module' })
  made.addEventListener('message', ({ data: { id, pieces } }) => {
    waiting.get(id)?.(pieces)
    waiting.delete(id)
  })
  // Code without colours is still code.
  made.addEventListener('error', () => {
    for (const resolve of waiting.values()) resolve([])
    waiting.clear()
  })
  return made
}
