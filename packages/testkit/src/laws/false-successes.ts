import assert from 'node:assert/strict'
import type { ErrorCode } from '@rivulet/core'
import { askAndRead } from '../ask.ts'
import { bytesOf } from '../bytes.ts'
import { missing, noErrorAfter, noEventsInWords } from '../exemptions.ts'
import { ERROR_WORDS, errorInWords, withError } from '../fixtures.ts'
import { answering, FRAMINGS } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, resultOf } from '../reading.ts'

const PAGE = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in to continue</title></head>
<body><h1>Your session has ended</h1>${'<p>Please sign in again.</p>\n'.repeat(20)}<i>the last words</i></body>
</html>
`

/** Error documents of the usual shapes, as endpoints send them with status 200. */
const DOCUMENTS: readonly [error: unknown, code: ErrorCode][] = [
  [{ message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded' }, 'rate-limited'],
  [{ message: 'No.', type: 'authentication_error', code: 'invalid_api_key' }, 'auth'],
  [{ message: 'Used up.', type: 'insufficient_quota', code: 'insufficient_quota' }, 'quota'],
  [{ message: 'Too long.', code: 'context_length_exceeded' }, 'context-length'],
  [{ message: 'Oops.', type: 'server_error' }, 'overloaded'],
  [{ message: 'Oops.', code: 503 }, 'overloaded'],
  ['Internal server error', 'overloaded'],
]

export const falseSuccesses: readonly Law[] = [
  {
    name: 'a page or an empty body with status 200 is malformed, and the error quotes its beginning',
    rows: [9],
    async run(context) {
      const { contentType } = context.subject.answers.text
      for (const framing of FRAMINGS) {
        for (const type of ['text/html; charset=utf-8', contentType]) {
          const what = `an HTML page as ${type}, ${framing}`
          const page = { contentType: type, body: bytesOf(PAGE) }
          const error = chatErrorOf(await askAndRead(context, what, answering(page, framing)), what)
          assert.equal(error.code, 'malformed', what)
          assert.ok(
            error.message.includes('Sign in to continue'),
            `${what}: its beginning is not quoted: ${error.message}`,
          )
          assert.ok(!error.message.includes('the last words'), `${what}: all of it is quoted: ${error.message}`)
        }
        const what = `an empty body, ${framing}`
        const script = answering({ contentType, body: bytesOf('') }, framing)
        assert.equal(chatErrorOf(await askAndRead(context, what, script), what).code, 'malformed', what)
      }
      return 'malformed'
    },
  },
  {
    name: 'an error document with status 200 becomes the error that it describes',
    rows: [10],
    anyTransport: true,
    async run(context) {
      for (const [error, code] of DOCUMENTS) {
        const body = bytesOf(JSON.stringify({ error }))
        const what = `200 with ${JSON.stringify(error)}`
        const script = answering({ contentType: 'application/json', body })
        assert.equal(chatErrorOf(await askAndRead(context, what, script), what).code, code, what)
      }
      return `${DOCUMENTS.length} documents`
    },
  },
  {
    name: 'an error before any content becomes the error that it describes',
    rows: [10],
    anyTransport: true,
    exempts: missing('errorFirst'),
    async run(context) {
      const { errorFirst } = context.subject.answers
      assert.ok(errorFirst)
      const read = await askAndRead(context, 'errorFirst', answering(errorFirst))
      const error = chatErrorOf(read, 'errorFirst')
      assert.equal(error.code, errorFirst.code)
      assert.equal(error.partial, undefined, 'error.partial, although no content had arrived')
      return error.code
    },
  },
  {
    name: 'an error after content becomes the error that it describes, and keeps the content',
    rows: [11],
    anyTransport: true,
    exempts: noErrorAfter,
    async run(context) {
      const { text: whole, errorMidStream } = context.subject.answers
      if (errorMidStream === undefined) {
        const what = 'an error beside the content of a document'
        const read = await askAndRead(context, what, answering(withError(whole)))
        assert.equal(chatErrorOf(read, what).code, 'rate-limited', what)
        return 'rate-limited; a document delivers nothing before it has been read whole'
      }
      const read = await askAndRead(context, 'errorMidStream', answering(errorMidStream))
      const error = chatErrorOf(read, 'errorMidStream')
      const { text } = resultOf(read.events)
      assert.equal(error.code, errorMidStream.code)
      assert.ok(text !== '', 'the content before the error was not delivered')
      assert.equal(error.partial?.text, text, 'error.partial is not what was delivered')
      return `${error.code}, ${text.length} characters kept`
    },
  },
  {
    name: 'an error event in words instead of JSON is that error, whatever follows it',
    rows: [30],
    anyTransport: true,
    exempts: noEventsInWords,
    async run(context) {
      const { text } = context.subject.answers
      for (const [what, answer] of [
        ['first', errorInWords(text, 0)],
        ['after content', errorInWords(text)],
      ] as const) {
        const read = await askAndRead(context, what, answering(answer))
        const error = chatErrorOf(read, what)
        assert.ok(error.message.includes(ERROR_WORDS), `${what}: its words are not in "${error.message}"`)
        assert.equal(error.code, 'overloaded', `${what}: the code`)
        assert.equal(error.partial?.text ?? '', resultOf(read.events).text, `${what}: error.partial`)
      }
      return 'overloaded, with its words'
    },
  },
]
