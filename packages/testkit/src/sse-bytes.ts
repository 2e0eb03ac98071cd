import { fromLatin1, latin1 } from './bytes.ts'
import { seeded } from './random.ts'

/** An event stream as lines, each with the bytes it has as characters (latin1), so that it can be spelt in other ways. */
export function linesOf(body: Uint8Array): string[] {
  const lines = latin1(body)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export const withEnds = (lines: readonly string[], end: string): Uint8Array =>
  fromLatin1(lines.map((line) => line + end).join(''))

/** LF, CR and CRLF, mixed as the seed has it. */
export function withMixedEnds(lines: readonly string[], seed: number): Uint8Array {
  const random = seeded(seed)
  const ends = ['\n', '\r', '\r\n']
  let before = ''
  const mixed = lines.map((line) => {
    let end = ends[Math.floor(random() * ends.length)] ?? '\n'
    // An empty line behind a CR, ended by a LF, would be no line: the LF would belong to the CR.
    if (line === '' && before === '\r' && end === '\n') end = '\r\n'
    before = end
    return line + end
  })
  return fromLatin1(mixed.join(''))
}

/** Lines put before the first event and behind each: `make` gives them, told how many events have gone by. */
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
