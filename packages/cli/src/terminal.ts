import { once } from 'node:events'
import { stripVTControlCharacters, styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Styles text where the stream is a terminal with colours; respects `NO_COLOR`. */
export const styled = (style: Style, text: string, stream: NodeJS.WriteStream): string =>
  styleText(style, text, { stream })

/** Writes a line for the person at the terminal to stderr. */
export function note(text: string): void {
  process.stderr.write(`rivulet: ${text}\n`)
}

/** `'1.24 s'` */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

/** Text of others on one line: a terminal would interpret its control characters. */
export const onOneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()

/** An error on one line, without the name of the function that found it. */
export const lineOf = (error: unknown): string =>
  onOneLine(error instanceof Error ? error.message : String(error)).replace(
    /^(?:rivulet|rivulet\.fromEnv|gateway|listen): /,
    '',
  )

/** What a terminal would interpret. It is removed character by character, so that it does not matter where a text is split. */
const CONTROL = /[^\P{Cc}\t\n]/gu

/** Text of others as a terminal may have it: it can't move the cursor or set a title. */
export const forTerminal = (text: string): string => text.replace(CONTROL, '')

/** Writes to stdout, and waits while the reader is slow. */
export async function write(text: string, signal: AbortSignal): Promise<void> {
  if (process.stdout.write(text)) return
  try {
    await once(process.stdout, 'drain', { signal })
  } catch (error) {
    // Why it was aborted says more than that it was.
    signal.throwIfAborted()
    throw error
  }
}

/** The reader of stdout has left, as in `… | head -1`. */
export class ReaderLeft extends Error {
  override readonly name = 'ReaderLeft'
}

/** A signal that also aborts, with {@link ReaderLeft}, when stdout is closed. */
export function whileRead(signal: AbortSignal): AbortSignal {
  const reader = new AbortController()
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    reader.abort(error.code === 'EPIPE' ? new ReaderLeft('stdout is closed') : error)
  })
  return AbortSignal.any([signal, reader.signal])
}
