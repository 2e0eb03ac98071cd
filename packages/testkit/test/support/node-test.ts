import { describe, it } from 'node:test'
import { undiciTransport } from '@rivulet/core/undici'
import { testProvider } from '../../src/index.ts'
import { mini, subjectOf } from './mini.ts'

const { text } = subjectOf(mini).answers
testProvider({
  runner: { describe, it },
  ...subjectOf((options) => mini(options)),
  answers: { text },
  transports: { undici: () => undiciTransport() },
  skip: [{ law: 'a reader that stops reading slows the sender down', reason: 'an example of an exception' }],
})
