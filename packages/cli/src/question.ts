import { addAbortSignal } from 'node:stream'
import { UsageError } from './usage-error.ts'

/** Of what is piped in, in UTF-16 units: more than any model reads. */
const MAX_INPUT = 16_777_216

/**
 * The words of the command line, after what is piped in.
 *
 * @throws UsageError when there is neither, or too much.
 */
export async function readQuestion(words: readonly string[], signal: AbortSignal): Promise<string> {
  const piped = process.stdin.isTTY ? '' : await readInput(signal)
  const question = [piped.trim(), words.join(' ').trim()].filter((part) => part !== '').join('\n\n')
  if (question !== '') return question
  throw new UsageError('Ask something, as in rivulet "Why is the sky blue?". See rivulet --help.')
}

async function readInput(signal: AbortSignal): Promise<string> {
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
