import { type FaultDefinition, fault } from '../fault.ts'
import { endsAnswer, endUnfinished, openReply, play, playUntil } from '../scene.ts'

/** Faults of an answer that ends at the wrong place, or comes in the wrong pieces. */
export const cuts = {
  'reset-mid-stream': fault({
    summary: 'resets the connection (RST) after some tokens',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      await playUntil(scene, options)
      await scene.wire.reset()
    },
  }),
  'fin-mid-stream': fault({
    summary: 'closes the connection (FIN) after some tokens, inside the chunked body',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      await playUntil(scene, options)
      scene.wire.fin()
    },
  }),
  truncate: fault({
    summary: 'ends the body after some tokens without the end mark; cuts the connection where the dialect has no mark',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      await playUntil(scene, options)
      await endUnfinished(scene)
    },
  }),
  'half-event': fault({
    summary: 'ends the body inside an event',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      const [next] = await playUntil(scene, options)
      if (next !== undefined) await scene.wire.write(next.bytes.subarray(0, Math.ceil(next.bytes.length / 2)))
      await endUnfinished(scene)
    },
  }),
  'no-end-mark': fault({
    summary: 'sends the finish reason, leaves the end mark out, and ends the body; only some dialects need the mark',
    breaks: ({ strictEnd }) => strictEnd === true,
    async act(scene) {
      openReply(scene)
      await play(
        scene,
        scene.reply.parts.filter(({ kind }) => kind !== 'end'),
      )
      await scene.wire.end()
    },
  }),
  'byte-by-byte': fault({
    summary: 'sends the whole answer one byte at a time',
    breaks: false,
    async act(scene) {
      const { wire, reply } = scene
      openReply(scene)
      for (const part of reply.parts) {
        const { bytes } = part
        for (let at = 0; at < bytes.length; at++) {
          await wire.turn()
          await wire.write(bytes.subarray(at, at + 1))
        }
        if (endsAnswer(reply, part)) wire.complete()
      }
      await wire.end()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
