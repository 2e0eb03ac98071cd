import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { bytesOf } from '../bytes.ts'
import { byteServer } from '../byte-server.ts'
import { answering } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, turns } from '../reading.ts'

const STATUSES = [301, 302, 303, 307, 308]

export const redirects: readonly Law[] = [
  {
    name: 'a redirect is not followed: it is a bad-request that names the target, and nothing is sent there',
    rows: [19],
    async run(context) {
      await using elsewhere = await byteServer()
      const { text } = context.subject.answers
      const other = elsewhere.play(answering(text))
      const { host } = new URL(elsewhere.url)
      for (const status of STATUSES) {
        for (const location of [other.baseUrl, '/elsewhere', '']) {
          const what = `${status} to ${location || 'nowhere'}`
          const answer = {
            status,
            contentType: '',
            body: bytesOf(''),
            headers: { ...(location !== '' && { location }) },
          }
          const read = await askAndRead(context, what, answering(answer, 'length'))
          const error = chatErrorOf(read, what)
          assert.equal(error.code, 'bad-request', `${what}: ${error.message}`)
          assert.equal(error.status, status, `${what}: error.status`)
          assert.match(error.message, /redirect/i, `${what}: the message does not say that it is a redirect`)
          if (location === other.baseUrl)
            assert.ok(error.message.includes(host), `${what}: the message does not name the target`)
          assert.equal(read.play.exchanges.length, 1, `${what}: how many requests`)
        }
      }
      await turns(20)
      assert.equal(elsewhere.connections.length, 0, 'connections to the other origin')
      return 'bad-request, nothing sent to the target'
    },
  },
]
