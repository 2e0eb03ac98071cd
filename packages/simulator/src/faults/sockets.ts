import { type FaultDefinition, fault } from '../fault.ts'
import { joined, perform, tell } from '../scene.ts'

/** Faults of the connection itself: what is on it beside the one answer that is due. */
export const sockets = {
  'dead-keep-alive': fault({
    summary: 'answers as it should, and resets the kept-alive connection when the next request arrives on it',
    breaks: false,
    async act(scene) {
      scene.connection.ambush = { kind: 'dead-keep-alive', act: (wire) => wire.reset() }
      await perform(scene)
    },
  }),
  'two-answers': fault({
    summary: 'sends a second HTTP answer behind the first: it lies on the connection when the next request comes',
    breaks: false,
    async act(scene) {
      const { reply, replyTo, answer } = scene
      const text = 'This answer belongs to no request.'
      const { calls: _none, ...rest } = answer
      const body = joined(replyTo({ ...rest, text, tokens: [text] }).parts)
      const head = ['HTTP/1.1 200 OK', `content-type: ${reply.contentType}`, `content-length: ${body.length}`]
      await tell(scene, reply.parts, { behind: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]) })
    },
  }),
  'not-http': fault({
    summary: 'answers with the greeting of another protocol, then closes',
    breaks: true,
    async act({ wire }) {
      await wire.raw('SSH-2.0-OpenSSH_9.6\r\n')
      wire.fin()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
