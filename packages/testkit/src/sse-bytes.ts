import { fromLatin1, latin1 } from './bytes.ts'
import { seeded } from './random.ts'

/** The lines of an event stream, one character for each byte (latin1), to be written in other spellings. */
export function linesOf(body: Uint8Array): string[] {
  const lines = latin1(body)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export const withEnds = (lines: readonly string[], end: string): Uint8Array =>
  fromLatin1(lines.map((line) => line + end).join(''))

/** LF, CR and CRLF, in an order that follows from the seed. */
export function withMixedEnds(lines: readonly string[], seed: number): Uint8Array {
  const random = seeded(seed)
  const ends = ['\n', '\r', '\r\n']
  let before = ''
  const mixed = lines.map((line) => {
    let end = ends[Math.floor(random() * ends.length)] ?? '\n'
    // An empty line that follows a CR must not end in LF: CR LF would be one line ending.
    if (line === '' && before === '\r' && end === '\n') end = '\r\n'
    before = end
    return line + end
  })
  return fromLatin1(mixed.join(''))
}

/** Inserts lines before the first event and after each. `make` gives them for the number of events before. */
export function between(lines: readonly string[], make: (events: number) => readonly string[]): string[] {
  let events = 0
  let hasData = false
  const all: string[] = [...make(0)]
  for (const line of lines) {
    all.push(line)
    hasData ||= line.startsWith('data')
    if (line !== '' || !hasData) continue
    hasData = false
    all.push(...make(++events))
  }
  return all
}

export const mapData = (lines: readonly string[], write: (data: string) => readonly string[]): string[] =>
  lines.flatMap((line) => (line.startsWith('data:') ? write(line.slice(5).replace(/^ /, '')) : [line]))
