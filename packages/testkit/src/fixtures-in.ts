import { readFileSync } from 'node:fs'
import { fromLatin1, latin1 } from './bytes.ts'

/** A file of recorded bytes, and its content type. */
export interface FixtureFile {
  contentType: string
  body: Uint8Array
}

/** Content types by file extension. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  sse: 'text/event-stream',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  txt: 'text/plain',
}

/**
 * Reads the files of a folder of fixtures, each with the content type of its extension.
 *
 * @param folder Ends with a slash.
 * @param contentTypes By extension, beside or in place of those of `sse`, `ndjson`, `json` and `txt`.
 * @throws TypeError for an extension without a content type.
 * @example
 * const fixture = fixturesIn(new URL('fixtures/', import.meta.url), { json: 'application/json; charset=utf-8' })
 * const answers = { text: { ...fixture('text.sse'), text: 'Hello!', endMark: '[DONE]' } }
 */
export function fixturesIn(
  folder: URL,
  contentTypes: Readonly<Record<string, string>> = {},
): (name: string) => FixtureFile {
  const all = { ...CONTENT_TYPES, ...contentTypes }
  return (name) => {
    const contentType = all[name.slice(name.lastIndexOf('.') + 1)]
    if (contentType === undefined) {
      throw new TypeError(
        `fixturesIn: the extension of "${name}" has no content type. Give one, as in { csv: 'text/csv' }.`,
      )
    }
    return { contentType, body: readFileSync(new URL(name, folder)) }
  }
}

/**
 * An answer without the lines that contain any of these words: makes one fixture from another. Server-sent events and JSON
 * lines have one message a line.
 *
 * @throws TypeError when no line contains one of the words.
 * @example
 * const cutToolCall = withoutLines(fixture('tool-call.sse'), 'the last part of its arguments')
 */
export function withoutLines({ contentType, body }: FixtureFile, ...words: readonly string[]): FixtureFile {
  let lines = latin1(body).split('\n')
  for (const some of words) {
    const bytes = latin1(Buffer.from(some))
    const rest = lines.filter((line) => !line.includes(bytes))
    if (rest.length === lines.length) throw new TypeError(`withoutLines: no line contains "${some}".`)
    lines = rest
  }
  return { contentType, body: fromLatin1(lines.join('\n')) }
}
