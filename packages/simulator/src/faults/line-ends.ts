import type { Part, Reply } from '../dialect.ts'
import type { Random } from '../random.ts'

type Ends = 'lf' | 'crlf' | 'cr' | 'mixed'

const ends = { lf: '\n', crlf: '\r\n', cr: '\r' }

/** The same parts with other line endings, in framings where line endings are not content. */
export function withEnds({ framing, parts }: Reply, wanted: Ends, random: Random): readonly Part[] {
  if (framing === 'document' || framing === 'text') return parts
  // A lone CR ends a line of an event stream; between JSON documents it is only white space.
  const known = framing === 'sse' ? [ends.crlf, ends.lf, ends.cr] : [ends.crlf, ends.lf]
  const fixed = wanted === 'cr' && framing === 'lines' ? ends.lf : wanted === 'mixed' ? undefined : ends[wanted]
  let last = ''
  const next = (character: string): string => {
    if (character !== '\n') return (last = character)
    const end = fixed ?? random.pick(known)
    // CR followed by LF would read as one line ending; CR followed by CRLF reads as two.
    return (last = last === ends.cr && end === ends.lf ? ends.crlf : end)
  }
  return parts.map(({ kind, bytes }) => {
    const text = Buffer.from(bytes).toString('latin1')
    return { kind, bytes: Buffer.from(Array.from(text, next).join(''), 'latin1') }
  })
}
