import type { Framing } from '../dialect.ts'
import { type FaultDefinition, fault, endsWithBody } from '../fault.ts'
import { writeHead, sendAnswer, writeParts, writeUntil, splitAfter } from '../pending-answer.ts'

/** Keep-alive bytes without content. In plain text every byte is content. */
const pings: Readonly<Record<Framing, string | undefined>> = {
  sse: ': ping\n\n',
  lines: '\n',
  document: '\n',
  text: undefined,
}

/** Faults of an endpoint that stalls, or does not close the connection. */
export const stalls = {
  'stall-before-headers': fault({
    summary: 'accepts the request and never answers',
    breaks: true,
    apply: ({ wire }) => wire.hold(),
  }),
  'stall-before-first-token': fault({
    summary: 'sends the headers, then nothing',
    breaks: true,
    async apply(pending) {
      writeHead(pending)
      await pending.wire.hold()
    },
  }),
  'stall-mid-stream': fault({
    summary: 'sends some tokens, then nothing',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      await writeUntil(pending, options)
      await pending.wire.hold()
    },
  }),
  'pings-forever': fault({
    summary: 'sends SSE comments or blank lines forever after some tokens; plain text has no ping and stays silent',
    breaks: true,
    options: { everyMs: 50, afterEvents: 0 },
    async apply(pending, options) {
      const { wire, reply } = pending
      const ping = pings[reply.framing]
      const [before] = splitAfter(reply.parts, options)
      writeHead(pending)
      // White space is insignificant only before a document, so there the pings always come first.
      if (options.afterEvents > 0 && !reply.isDocument) await writeParts(pending, before)
      if (ping === undefined) await wire.hold()
      while (!wire.signal.aborted) {
        await wire.write(Buffer.from(ping ?? ''))
        await wire.sleep(options.everyMs)
      }
    },
  }),
  trickle: fault({
    summary: 'sends a token every `everyMs`, forever, or `total` of them and then the end',
    breaks: true,
    options: { everyMs: 50, total: null },
    async apply(pending, { everyMs, total = Infinity }) {
      const { wire, reply } = pending
      const content = reply.parts.filter(({ kind }) => kind === 'content')
      const at = reply.parts.findLastIndex(({ kind }) => kind === 'open' || kind === 'content')
      writeHead(pending)
      await writeParts(
        pending,
        reply.parts.filter(({ kind }) => kind === 'open'),
      )
      // An answer without content has nothing to repeat, so it stalls.
      if (content.length === 0) await wire.hold()
      for (let sent = 0; sent < total; sent++) {
        await wire.sleep(everyMs)
        await wire.write(content[sent % content.length]?.bytes ?? Buffer.alloc(0))
      }
      await writeParts(pending, reply.parts.slice(at + 1))
      await wire.end()
    },
  }),
  'slow-accept': fault({
    summary: 'accepts the request and answers correctly after a delay',
    breaks: false,
    options: { delayMs: 1000 },
    async apply(pending, { delayMs }) {
      await pending.wire.sleep(delayMs)
      await sendAnswer(pending)
    },
  }),
  'end-mark-then-open': fault({
    summary: 'sends the whole answer with its end mark, and leaves the connection open',
    breaks: endsWithBody,
    async apply(pending) {
      writeHead(pending)
      await writeParts(pending, pending.reply.parts)
      await pending.wire.hold()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
