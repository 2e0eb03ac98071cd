import { readFileSync } from 'node:fs'
import type { Subject } from '@rivulet/testkit'
import { __camel__ } from '../src/index.ts'

/** The provider under the laws: `pnpm truth` finds it here. TODO: recorded answers in fixtures/, also an error and a tool call. */
export const subject: Subject = {
  name: '__Name__',
  provider: (options) => __camel__({ apiKey: 'a-secret-key', ...options }), //? auth
  provider: (options) => __camel__(options), //? none
  secrets: ['a-secret-key'], //? auth
  request: { model: 'some-model', messages: [{ role: 'user', content: 'Hello' }] },
  answers: {
    text: {
      contentType: 'text/event-stream',
      body: readFileSync(new URL('fixtures/text.sse', import.meta.url)),
      text: 'Grüße',
      endMark: true,
    },
  },
}
