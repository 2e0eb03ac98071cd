import type { Part } from '../dialect.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { concat, sendAnswer, type PendingAnswer, splitAfter, sendParts } from '../pending-answer.ts'
import { eventNoise, lineNoise } from './comments.ts'
import { withEnds } from './line-ends.ts'

/** Extra bytes around the answer: most a correct reader skips, some it cannot. */
export const noise = {
  bom: fault({
    summary: 'begins with a byte order mark',
    breaks: false,
    apply: (pending) => sendParts(pending, [{ kind: 'open', bytes: Buffer.from('\uFEFF') }, ...pending.reply.parts]),
  }),
  'line-ends': fault({
    summary: 'ends lines with CRLF, CR or a mixture; a document has none, and in plain text they are content',
    breaks: false,
    options: { ends: ['crlf', 'cr', 'mixed', 'lf'] },
    apply: (pending, { ends }) => sendParts(pending, withEnds(pending.reply, ends, pending.random)),
  }),
  comments: fault({
    summary: 'inserts comments, pings, unknown fields, empty and split data (SSE), blank lines, or white space',
    breaks: false,
    apply: (pending) => sendParts(pending, sprinkled(pending)),
  }),
  'garbage-data': fault({
    summary: 'sends a data line that is not JSON after some tokens, or before everything; plain text has no data lines',
    breaks: ({ framing }, { first = false }) => framing === 'document' || (framing !== 'text' && first),
    options: { first: false, afterEvents: 3 },
    async apply(pending, { first, afterEvents }) {
      const { framing, parts, isDocument } = pending.reply
      if (framing === 'text') return sendAnswer(pending)
      const bytes = Buffer.from(framing === 'sse' ? 'data: this is not JSON\n\n' : 'this is not JSON\n')
      // Inside a document every byte has a meaning, so the garbage goes before it.
      const [before, after] = first || isDocument ? [[], parts] : splitAfter(parts, { afterEvents })
      return sendParts(pending, [...before, { kind: 'open', bytes }, ...after])
    },
  }),
  'after-end': fault({
    summary: 'sends more content and a second end mark after the end; plain text has no end mark',
    breaks: ({ framing, endMark }) => framing === 'document' || (framing === 'lines' && !endMark),
    async apply(pending) {
      const { reply, replyTo, answer } = pending
      if (reply.framing === 'text') return sendAnswer(pending)
      const text = ' This comes after the end.'
      const { calls: _none, ...rest } = answer
      const more = replyTo({ ...rest, text, tokens: [text] }).parts
      return sendParts(pending, [
        ...reply.parts,
        ...(reply.isDocument ? more : more.filter(({ kind }) => kind !== 'open')),
      ])
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

function sprinkled({ reply }: PendingAnswer): readonly Part[] {
  switch (reply.framing) {
    case 'sse':
      return eventNoise(reply.parts)
    case 'lines':
      return lineNoise(reply.parts)
    case 'document': {
      const document: unknown = JSON.parse(concat(reply.parts).toString())
      return [{ kind: 'content', bytes: Buffer.from(`\r\n\n\t ${JSON.stringify(document, null, 2)}\n\n`) }]
    }
    case 'text':
      return reply.parts
  }
}
