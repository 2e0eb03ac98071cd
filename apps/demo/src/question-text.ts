import { addAbortSignal } from 'node:stream'
import { UsageError } from './args.ts'

/** Of what is piped in, in UTF-16 units: more than any model reads. */
const MAX_INPUT = 16_777_216

/**
 * The question of the command line, after what is piped in: `cat letter.txt | start --ask "Shorten this"`.
 *
 * @throws UsageError for more than any model reads.
 */
export async function questionText(question: string, signal: AbortSignal): Promise<string> {
  const piped = process.stdin.isTTY ? '' : await input(signal)
  return piped.trim() === '' ? question : `${piped.trim()}\n\n${question}`
}

async function input(signal: AbortSignal): Promise<string> {
  const pieces: string[] = []
  let length = 0
  try {
    for await (const piece of addAbortSignal(signal, process.stdin.setEncoding('utf8')) as AsyncIterable<string>) {
      pieces.push(piece)
      length += piece.length
      if (length > MAX_INPUT) throw new UsageError(`The input is longer than ${MAX_INPUT} characters.`)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
  return pieces.join('')
}
