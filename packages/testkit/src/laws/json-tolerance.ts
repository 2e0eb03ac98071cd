import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { bytesOf } from '../bytes.ts'
import { isNoJson } from '../exemptions.ts'
import { comesInParts } from '../fixtures.ts'
import { answering } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { eventsOf, joined } from '../reading.ts'
import { linesOf, withEnds } from '../sse-bytes.ts'

const NEWLINES = bytesOf('\n\r\n \n')

export const jsonTolerance: readonly Law[] = [
  {
    // DeepSeek sends empty lines while a request for an answer in one piece is queued.
    name: 'white space around JSON messages is ignored, and a line that is not JSON is skipped and counted',
    rows: [17],
    anyTransport: true,
    exempts: isNoJson,
    async run(context) {
      const { text } = context.subject.answers
      const eventsIn = async (what: string, body: Uint8Array, pieces?: readonly Uint8Array[]) =>
        joined(eventsOf(await askAndRead(context, what, answering({ ...text, body }, 'chunked', pieces)), what))
      const expected = await eventsIn('the answer as it is', text.body)
      const lines = linesOf(text.body)
      const spaced = comesInParts(text) ? withEnds(lines, '\n\n \n') : text.body
      const pieces = [NEWLINES, NEWLINES, spaced, NEWLINES]
      const body = Buffer.concat(pieces)
      assert.deepEqual(await eventsIn('white space', body, pieces), expected, 'white space: the events')
      assert.deepEqual(await eventsIn('white space, at once', body), expected, 'white space, at once: the events')
      const [first = '', ...others] = comesInParts(text) ? lines : []
      if (others.length === 0) return 'white space is ignored'
      const spoilt = withEnds([first, 'not JSON', ...others], '\n')
      const finish = expected.at(-1)
      assert.ok(finish?.type === 'finish')
      const counted = [...expected.slice(0, -1), { ...finish, skipped: 1 }]
      assert.deepEqual(await eventsIn('a line that is not JSON', spoilt), counted)
      return 'white space is ignored; a line that is not JSON is counted'
    },
  },
]
