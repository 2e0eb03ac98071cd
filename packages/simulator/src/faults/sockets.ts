import { type FaultDefinition, fault } from '../fault.ts'
import { concat, sendAnswer, sendParts } from '../pending-answer.ts'

/** Faults of the connection itself rather than of one answer. */
export const sockets = {
  'dead-keep-alive': fault({
    summary: 'answers correctly, then resets the kept-alive connection when the next request arrives on it',
    breaks: false,
    async apply(pending) {
      pending.connection.onNextRequest = { kind: 'dead-keep-alive', apply: (wire) => wire.reset() }
      await sendAnswer(pending)
    },
  }),
  'two-answers': fault({
    summary: 'sends a second HTTP answer after the first, which waits on the connection for the next request',
    breaks: false,
    async apply(pending) {
      const { reply, replyTo, answer } = pending
      const text = 'This answer belongs to no request.'
      const { calls: _none, ...rest } = answer
      const body = concat(replyTo({ ...rest, text, tokens: [text] }).parts)
      const head = ['HTTP/1.1 200 OK', `content-type: ${reply.contentType}`, `content-length: ${body.length}`]
      await sendParts(pending, reply.parts, {
        trailing: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]),
      })
    },
  }),
  'not-http': fault({
    summary: 'answers with the greeting of another protocol, then closes',
    breaks: true,
    async apply({ wire }) {
      await wire.raw('SSH-2.0-OpenSSH_9.6\r\n')
      wire.fin()
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>
