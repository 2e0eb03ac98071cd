import { type FaultDefinition, fault } from '../fault.ts'
import { endsAnswer, endTruncated, writeHead, writeParts, writeUntil } from '../pending-answer.ts'

/** Faults of an answer that ends in the wrong place or arrives in unusual pieces. */
export const cuts = {
  'reset-mid-stream': fault({
    summary: 'resets the connection (RST) after some tokens',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      await writeUntil(pending, options)
      await pending.wire.reset()
    },
  }),
  'fin-mid-stream': fault({
    summary: 'closes the connection (FIN) after some tokens, inside the chunked body',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      await writeUntil(pending, options)
      pending.wire.fin()
    },
  }),
  truncate: fault({
    summary: 'ends the body after some tokens without the end mark; closes the connection where the dialect has none',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      await writeUntil(pending, options)
      await endTruncated(pending)
    },
  }),
  'half-event': fault({
    summary: 'ends the body inside an event',
    breaks: true,
    options: { afterEvents: 3 },
    async apply(pending, options) {
      const [next] = await writeUntil(pending, options)
      if (next !== undefined) await pending.wire.write(next.bytes.subarray(0, Math.ceil(next.bytes.length / 2)))
      await endTruncated(pending)
    },
  }),
  'no-end-mark': fault({
    summary: 'sends the finish reason, omits the end mark and ends the body; only some dialects need the mark',
    breaks: ({ strictEnd }) => strictEnd === true,
    async apply(pending) {
      writeHead(pending)
      await writeParts(
        pending,
        pending.reply.parts.filter(({ kind }) => kind !== 'end'),
      )
      await pending.wire.end()
    },
  }),
  'byte-by-byte': fault({
    summary: 'sends the whole answer one byte at a time',
    breaks: false,
    async apply(pending) {
      const { wire, reply } = pending
      writeHead(pending)
      for (const part of reply.parts) {
        const { bytes } = part
        for (let at = 0; at < bytes.length; at++) {
          await wire.turn()
          await wire.write(bytes.subarray(at, at + 1))
        }
        if (endsAnswer(reply, part)) wire.markComplete()
      }
      await wire.end()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
