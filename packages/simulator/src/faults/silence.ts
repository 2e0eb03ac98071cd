import type { Framing } from '../dialect.ts'
import { type FaultDefinition, fault, endsWithBody } from '../fault.ts'
import { openReply, perform, play, playUntil, splitAt } from '../scene.ts'

/** What keeps a connection alive and says nothing. In bare text every byte is content. */
const pings: Readonly<Record<Framing, string | undefined>> = {
  sse: ': ping\n\n',
  lines: '\n',
  document: '\n',
  text: undefined,
}

/** Faults of an endpoint that does not go on, or does not let go. */
export const silence = {
  'stall-before-headers': fault({
    summary: 'takes the request and never answers',
    breaks: true,
    act: ({ wire }) => wire.hold(),
  }),
  'stall-before-first-token': fault({
    summary: 'sends the headers, then nothing',
    breaks: true,
    async act(scene) {
      openReply(scene)
      await scene.wire.hold()
    },
  }),
  'stall-mid-stream': fault({
    summary: 'sends some tokens, then nothing',
    breaks: true,
    options: { afterEvents: 3 },
    async act(scene, options) {
      await playUntil(scene, options)
      await scene.wire.hold()
    },
  }),
  'pings-forever': fault({
    summary: 'sends SSE comments or blank lines without end after some tokens; bare text has no ping and is silent',
    breaks: true,
    options: { everyMs: 50, afterEvents: 0 },
    async act(scene, options) {
      const { wire, reply } = scene
      const ping = pings[reply.framing]
      const [before] = splitAt(reply.parts, options)
      openReply(scene)
      // White space is nothing only in front of a document, so there the pings come first, always.
      if (options.afterEvents > 0 && !reply.whole) await play(scene, before)
      if (ping === undefined) await wire.hold()
      while (!wire.signal.aborted) {
        await wire.write(Buffer.from(ping ?? ''))
        await wire.sleep(options.everyMs)
      }
    },
  }),
  trickle: fault({
    summary: 'sends a token now and then, without end, or `total` of them and then the end',
    breaks: true,
    options: { everyMs: 50, total: null },
    async act(scene, { everyMs, total = Infinity }) {
      const { wire, reply } = scene
      const content = reply.parts.filter(({ kind }) => kind === 'content')
      const at = reply.parts.findLastIndex(({ kind }) => kind === 'open' || kind === 'content')
      openReply(scene)
      await play(
        scene,
        reply.parts.filter(({ kind }) => kind === 'open'),
      )
      // An answer without content has nothing to repeat; it stalls.
      if (content.length === 0) await wire.hold()
      for (let sent = 0; sent < total; sent++) {
        await wire.sleep(everyMs)
        await wire.write(content[sent % content.length]?.bytes ?? Buffer.alloc(0))
      }
      await play(scene, reply.parts.slice(at + 1))
      await wire.end()
    },
  }),
  'slow-accept': fault({
    summary: 'takes the request, and answers as it should after a while',
    breaks: false,
    options: { delayMs: 1000 },
    async act(scene, { delayMs }) {
      await scene.wire.sleep(delayMs)
      await perform(scene)
    },
  }),
  'end-mark-then-open': fault({
    summary: 'sends the whole answer with its end mark, and leaves the connection open',
    breaks: endsWithBody,
    async act(scene) {
      openReply(scene)
      await play(scene, scene.reply.parts)
      await scene.wire.hold()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
