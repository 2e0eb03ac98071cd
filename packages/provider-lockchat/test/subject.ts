import { readFileSync } from 'node:fs'
import { type AnswerFixture, chatVariants, type Subject } from '@rivulet/testkit'
import { lockchat } from '../src/index.ts'

/** Every character that a query, a URI or JSON escapes, and some that only one of them does. */
export const ODD = `s3cret & k+y=/ü?#%41!*'()~"\\ 🌊`

const fixture = (name: string): Uint8Array => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
const contentType = 'text/event-stream'
const endMark = '"finish_reason":"stop"'

const text: AnswerFixture = {
  contentType,
  body: fixture('text.sse'),
  text: 'Hallo Größe 🚀 "ok"\n— 你好 🌊.',
  usage: 'absent',
  endMark,
}

/** Lockchat under the laws: `pnpm truth` finds it here. */
export const subject: Subject = {
  name: 'Lockchat',
  provider: (options) => lockchat({ auth: ODD, ...options }),
  request: { model: 'gpt-4', messages: [{ role: 'user', content: 'count to 5' }] },
  secrets: [ODD],
  answers: {
    ...chatVariants(text),
    text,
    empty: { contentType, body: fixture('empty.sse'), endMark },
    errorFirst: { contentType, body: fixture('error-first.sse'), code: 'overloaded' },
    errorMidStream: { contentType, body: fixture('error-mid-stream.sse'), code: 'rate-limited' },
  },
}
