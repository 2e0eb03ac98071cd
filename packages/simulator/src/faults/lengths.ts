import { type FaultDefinition, fault, endsWithBody } from '../fault.ts'
import { joined, openReply, play, playUntil, type Scene, splitAt } from '../scene.ts'

/** Faults of how HTTP tells where a body ends: by a length, by chunks, by closing. */
export const lengths = {
  'close-delimited': fault({
    summary: 'sends the answer with neither length nor chunks; closing the connection ends it, as in HTTP/1.0',
    breaks: false,
    async act(scene) {
      openUntilClose(scene)
      await play(scene, scene.reply.parts)
      await scene.wire.end()
    },
  }),
  'close-delimited-cut': fault({
    summary: 'the same, closed after some tokens: bare text that is cut so cannot be told from the whole',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      const [before] = splitAt(scene.reply.parts, options)
      openUntilClose(scene)
      await play(scene, before)
      scene.wire.fin()
    },
  }),
  'short-content-length': fault({
    summary: 'declares fewer bytes than it sends (by `bytes`, or half of them); the rest lies on the connection',
    breaks: true,
    options: { bytes: null },
    async act(scene, { bytes }) {
      const { length } = joined(scene.reply.parts)
      openReply(scene, { 'content-length': String(Math.max(0, length - (bytes ?? Math.ceil(length / 2)))) })
      await play(scene, scene.reply.parts)
      await scene.wire.end()
    },
  }),
  'long-content-length': fault({
    summary: 'declares more bytes than it sends (by `bytes`), then closes (FIN)',
    breaks: endsWithBody,
    options: { bytes: 64 },
    async act(scene, { bytes }) {
      openReply(scene, { 'content-length': String(joined(scene.reply.parts).length + bytes) })
      await play(scene, scene.reply.parts)
      scene.wire.fin()
    },
  }),
  'bad-chunk': fault({
    summary: 'sends a line that is no chunk size after some tokens, then closes',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      await playUntil(scene, options)
      await scene.wire.raw('not-a-size\r\nnot a chunk\r\n')
      scene.wire.fin()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

function openUntilClose({ wire, reply }: Scene): void {
  const headers = { 'content-type': reply.contentType, 'cache-control': 'no-cache', connection: 'close' }
  wire.head(200, headers, { untilClose: true })
}
