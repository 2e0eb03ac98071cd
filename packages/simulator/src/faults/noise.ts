import type { Part } from '../dialect.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { joined, perform, type Scene, splitAt, tell } from '../scene.ts'
import { eventNoise, lineNoise } from './comments.ts'
import { withEnds } from './line-ends.ts'

/** Oddities around the answer that a careful reader passes over, and some that it cannot. */
export const noise = {
  bom: fault({
    summary: 'begins with a byte order mark',
    breaks: false,
    act: (scene) => tell(scene, [{ kind: 'open', bytes: Buffer.from('\uFEFF') }, ...scene.reply.parts]),
  }),
  'line-ends': fault({
    summary: 'ends lines with CRLF, CR or a mixture; a document has none, and in bare text they are content',
    breaks: false,
    options: { ends: ['crlf', 'cr', 'mixed', 'lf'] },
    act: (scene, { ends }) => tell(scene, withEnds(scene.reply, ends, scene.random)),
  }),
  comments: fault({
    summary: 'sprinkles in comments, pings, unknown fields, empty data, parted data; blank lines; white space',
    breaks: false,
    act: (scene) => tell(scene, sprinkled(scene)),
  }),
  'garbage-data': fault({
    summary: 'sends a data line that is not JSON after some tokens, or first of all; bare text has no data lines',
    breaks: ({ framing }, { first = false }) => framing === 'document' || (framing !== 'text' && first),
    options: { first: false, afterEvents: 3 },
    async act(scene, { first, afterEvents }) {
      const { framing, parts, whole } = scene.reply
      if (framing === 'text') return perform(scene)
      const bytes = Buffer.from(framing === 'sse' ? 'data: this is not JSON\n\n' : 'this is not JSON\n')
      // A document is one piece of data: in front of it there is room, and inside it everything means something.
      const [before, after] = first || whole ? [[], parts] : splitAt(parts, { afterEvents })
      return tell(scene, [...before, { kind: 'open', bytes }, ...after])
    },
  }),
  'after-end': fault({
    summary: 'sends more content and a second end mark behind the end; bare text has no end to come after',
    breaks: ({ framing, endMark }) => framing === 'document' || (framing === 'lines' && !endMark),
    async act(scene) {
      const { reply, replyTo, answer } = scene
      if (reply.framing === 'text') return perform(scene)
      const text = ' This comes after the end.'
      const { calls: _none, ...rest } = answer
      const more = replyTo({ ...rest, text, tokens: [text] }).parts
      return tell(scene, [...reply.parts, ...(reply.whole ? more : more.filter(({ kind }) => kind !== 'open'))])
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

function sprinkled({ reply }: Scene): readonly Part[] {
  switch (reply.framing) {
    case 'sse':
      return eventNoise(reply.parts)
    case 'lines':
      return lineNoise(reply.parts)
    case 'document': {
      const document: unknown = JSON.parse(joined(reply.parts).toString())
      return [{ kind: 'content', bytes: Buffer.from(`\r\n\n\t ${JSON.stringify(document, null, 2)}\n\n`) }]
    }
    case 'text':
      return reply.parts
  }
}
