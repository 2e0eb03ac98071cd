import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib'
import type { Part } from '../dialect.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { openReply, play, splitAt, tell } from '../scene.ts'

type Coding = keyof typeof compressors

const compressors = {
  gzip: createGzip,
  br: createBrotliCompress,
  zstd: createZstdCompress,
  deflate: createDeflate,
}

/** Faults of compressed answers. They come to whoever asks; what the client accepts is in its recorded headers. */
export const codings = {
  compressed: fault({
    summary: 'compresses the answer, flushed after each token',
    breaks: false,
    options: { coding: ['gzip', 'br', 'zstd', 'deflate'] },
    async act(scene, { coding }) {
      const parts = await compressed(scene.reply.parts, coding)
      await tell(scene, parts, { headers: { 'content-encoding': coding } })
    },
  }),
  'wrong-encoding': fault({
    summary: 'says that the answer is compressed, and sends it plain',
    breaks: true,
    options: { coding: ['gzip', 'br', 'zstd', 'deflate'] },
    act: (scene, { coding }) => tell(scene, scene.reply.parts, { headers: { 'content-encoding': coding } }),
  }),
  'cut-compressed': fault({
    summary: 'ends the body, as HTTP says, after some tokens of a compressed answer',
    breaks: true,
    options: { coding: ['gzip', 'br', 'zstd', 'deflate'], afterEvents: 3 },
    async act(scene, { coding, afterEvents }) {
      const [before] = splitAt(await compressed(scene.reply.parts, coding), { afterEvents })
      openReply(scene, { 'content-encoding': coding })
      await play(scene, before)
      await scene.wire.end()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

/** Each part compressed so that it can be read as soon as it arrives; what closes the stream is an end part of its own. */
async function compressed(parts: readonly Part[], coding: Coding): Promise<Part[]> {
  const stream = compressors[coding]()
  const waiting: Buffer[] = []
  stream.on('data', (bytes: Buffer) => waiting.push(bytes))
  const taken = (kind: Part['kind']): Part => ({ kind, bytes: Buffer.concat(waiting.splice(0)) })
  const squeezed: Part[] = []
  for (const { kind, bytes } of parts) {
    stream.write(bytes)
    await new Promise<void>((resolve) => {
      stream.flush(resolve)
    })
    // What was flushed is read on the next turn at the latest.
    await new Promise(setImmediate)
    squeezed.push(taken(kind))
  }
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  stream.once('end', resolve).once('error', reject).end()
  await promise
  return [...squeezed, taken('end')]
}
