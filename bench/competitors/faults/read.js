/**
 * One call of one competitor in a process of its own: `node read.js <file> <baseUrl> read|break`. Aborts when its parent says so,
 * tells what came of it, and stays, so that what it has left open can be seen.
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

/** Some put all of an error body into their message, and be it 100 MB. */
const MAX_CHARACTERS = 2_000

/** The words of an error and of its causes. */
function wordsOf(error) {
  const words = []
  for (let one = error; one instanceof Error && words.length < 4; one = one.cause)
    words.push(`${one.name}: ${one.message.slice(0, MAX_CHARACTERS)}`)
  return words.join(' < ') || String(JSON.stringify(error))
}

// What a competitor throws where nobody can catch it is part of what it does.
let unhandled = 0
process.on('unhandledRejection', () => unhandled++)
process.on('uncaughtException', () => unhandled++)
process.send({ ready: true })
const told = await read()
process.send({ ...told, unhandled })
