import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib'
import type { Part } from '../dialect.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { writeHead, writeParts, splitAfter, sendParts } from '../pending-answer.ts'

type Coding = keyof typeof compressors

const compressors = {
  gzip: createGzip,
  br: createBrotliCompress,
  zstd: createZstdCompress,
  deflate: createDeflate,
}

/** Faults of compressed answers. They ignore `accept-encoding`; it is in the recorded headers. */
export const compression = {
  compressed: fault({
    summary: 'compresses the answer, flushed after each token',
    breaks: false,
    options: { coding: ['gzip', 'br', 'zstd', 'deflate'] },
    async apply(pending, { coding }) {
      const parts = await compressed(pending.reply.parts, coding)
      await sendParts(pending, parts, { headers: { 'content-encoding': coding } })
    },
  }),
  'wrong-encoding': fault({
    summary: 'declares the answer compressed but sends it uncompressed',
    breaks: true,
    options: { coding: ['gzip', 'br', 'zstd', 'deflate'] },
    apply: (pending, { coding }) =>
      sendParts(pending, pending.reply.parts, { headers: { 'content-encoding': coding } }),
  }),
  'cut-compressed': fault({
    summary: 'ends the body, validly in HTTP, after some tokens of a compressed answer',
    breaks: true,
    options: { coding: ['gzip', 'br', 'zstd', 'deflate'], afterEvents: 3 },
    async apply(pending, { coding, afterEvents }) {
      const [before] = splitAfter(await compressed(pending.reply.parts, coding), { afterEvents })
      writeHead(pending, { 'content-encoding': coding })
      await writeParts(pending, before)
      await pending.wire.end()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

/** Compresses and flushes each part, so that a reader can decode it at once; the stream's trailer is a separate end part. */
async function compressed(parts: readonly Part[], coding: Coding): Promise<Part[]> {
  const stream = compressors[coding]()
  const waiting: Buffer[] = []
  stream.on('data', (bytes: Buffer) => waiting.push(bytes))
  const taken = (kind: Part['kind']): Part => ({ kind, bytes: Buffer.concat(waiting.splice(0)) })
  const compressedParts: Part[] = []
  for (const { kind, bytes } of parts) {
    stream.write(bytes)
    await new Promise<void>((resolve) => {
      stream.flush(resolve)
    })
    // Flushed bytes are emitted by the next turn of the event loop at the latest.
    await new Promise(setImmediate)
    compressedParts.push(taken(kind))
  }
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  stream.once('end', resolve).once('error', reject).end()
  await promise
  return [...compressedParts, taken('end')]
}
