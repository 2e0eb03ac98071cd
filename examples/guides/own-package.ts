/** The laws on a provider in a package of your own: all of its `test/laws.test.ts`. */
import { type Subject, testProvider } from '@rivulet/testkit'
import { describe, it } from 'vitest'
import { parrot } from '../own-dialect.ts'

const answer = {
  contentType: 'application/x-ndjson',
  body: Buffer.from('{"say":"Hel"}\n{"say":"lo!"}\n{"done":true}\n'),
  text: 'Hello!',
  // The first words of the line that ends an answer. Cut before it, an answer is not whole.
  endMark: '"done"',
}

export const subject = {
  name: 'Parrot',
  provider: (options) => parrot({ apiKey: 'a secret key', ...options }),
  secrets: ['a secret key'],
  request: { model: 'grey', messages: [{ role: 'user', content: 'Hello' }] },
  answers: { text: answer, onePiece: answer },
} satisfies Subject

testProvider({ runner: { describe, it }, ...subject })
