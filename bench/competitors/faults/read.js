/**
 * One call of one competitor in a process of its own: `node read.js <file> <baseUrl> read|break`. Aborts when its parent says so,
 * reports the outcome, and stays alive, so that its parent can see which sockets it has left open.
 */

import { pathToFileURL } from 'node:url'

const [file, baseUrl, manner] = process.argv.slice(2)
const { texts } = await import(pathToFileURL(file).href)
const caller = new AbortController()
process.on('message', () => caller.abort(new Error('the caller left')))
process.on('disconnect', () => process.exit())

async function read() {
  let text = ''
  try {
    for await (const piece of texts(baseUrl, caller.signal)) {
      text += piece
      if (manner === 'break') return { outcome: 'left', text }
    }
    return { outcome: 'end', text }
  } catch (error) {
    return { outcome: 'error', text, error: wordsOf(error) }
  }
}

/** Some libraries put a whole error body into the message, even 100 MB. */
const MAX_CHARACTERS = 2_000

/** The messages of an error and of its causes. */
function wordsOf(error) {
  const words = []
  for (let one = error; one instanceof Error && words.length < 4; one = one.cause)
    words.push(`${one.name}: ${one.message.slice(0, MAX_CHARACTERS)}`)
  return words.join(' < ') || String(JSON.stringify(error))
}

// Errors that its caller cannot catch count, too.
let unhandled = 0
process.on('unhandledRejection', () => unhandled++)
process.on('uncaughtException', () => unhandled++)
process.send({ ready: true })
const told = await read()
process.send({ ...told, unhandled })
