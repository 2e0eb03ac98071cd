import { type FaultDefinition, fault, endsWithBody } from '../fault.ts'
import { concat, writeHead, writeParts, writeUntil, type PendingAnswer, splitAfter } from '../pending-answer.ts'

/** Faults of how HTTP delimits a body: by length, by chunks, by closing. */
export const lengths = {
  'close-delimited': fault({
    summary: 'sends the answer with neither length nor chunks; closing the connection ends it, as in HTTP/1.0',
    breaks: false,
    async apply(pending) {
      openUntilClose(pending)
      await writeParts(pending, pending.reply.parts)
      await pending.wire.end()
    },
  }),
  'close-delimited-cut': fault({
    summary: 'the same, closed after some tokens; plain text cut this way looks complete',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      const [before] = splitAfter(pending.reply.parts, options)
      openUntilClose(pending)
      await writeParts(pending, before)
      pending.wire.fin()
    },
  }),
  'short-content-length': fault({
    summary: 'declares fewer bytes than it sends (by `bytes`, or half of them); the rest stays on the connection',
    breaks: true,
    options: { bytes: null },
    async apply(pending, { bytes }) {
      const { length } = concat(pending.reply.parts)
      writeHead(pending, { 'content-length': String(Math.max(0, length - (bytes ?? Math.ceil(length / 2)))) })
      await writeParts(pending, pending.reply.parts)
      await pending.wire.end()
    },
  }),
  'long-content-length': fault({
    summary: 'declares more bytes than it sends (by `bytes`), then closes (FIN)',
    breaks: endsWithBody,
    options: { bytes: 64 },
    async apply(pending, { bytes }) {
      writeHead(pending, { 'content-length': String(concat(pending.reply.parts).length + bytes) })
      await writeParts(pending, pending.reply.parts)
      pending.wire.fin()
    },
  }),
  'bad-chunk': fault({
    summary: 'sends an invalid chunk size after some tokens, then closes',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      await writeUntil(pending, options)
      await pending.wire.raw('not-a-size\r\nnot a chunk\r\n')
      pending.wire.fin()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

function openUntilClose({ wire, reply }: PendingAnswer): void {
  const headers = { 'content-type': reply.contentType, 'cache-control': 'no-cache', connection: 'close' }
  wire.head(200, headers, { untilClose: true })
}
