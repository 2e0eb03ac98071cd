import { retry } from '@rivulet/core'
import { undiciTransport } from '@rivulet/core/undici'
import { expect, test } from 'vitest'
import { laws, prove, type ProveOptions, type Subject } from '../src/index.ts'
import { lawsLike } from './support/broken.ts'
import { mini, subjectOf } from './support/mini.ts'
import { wrongDocuments } from './support/wrong-documents.ts'
import { wrongConduct } from './support/wrong-conduct.ts'
import { wrongDecoding } from './support/wrong-decoding.ts'

const right = subjectOf((options) => mini(options))

const OF_GROUPS = new Set(laws.filter(({ ofGroups }) => ofGroups === true).map(({ name }) => name))
const saysNothing = (law: string, observed: string): boolean =>
  OF_GROUPS.has(law) ||
  /one document|no fixture cutToolCall|body ends|server-sent events|answers are JSON/.test(observed)

const undici: ProveOptions = { transports: { undici: () => undiciTransport() }, thorough: false }

const tries: [name: string, subject: Subject, options: ProveOptions][] = [
  ['streamed, over both transports', right, { forms: ['streamed'], thorough: false }],
  ['in one piece', right, { ...undici, forms: ['one piece'] }],
  ['with something around it', { ...right, wrap: retry({ attempts: 1 }) }, { ...undici, forms: ['streamed'] }],
]

test.each(tries)('a right provider obeys every law: %s', async (_name, subject, options) => {
  for await (const { law, ok, observed } of prove(subject, options)) {
    expect({ law, observed, ok }).toEqual({ law, observed, ok: saysNothing(law, observed) ? undefined : true })
  }
})

test('every law is broken by a provider that is wrong', () => {
  const patterns = [wrongDecoding, wrongConduct, wrongDocuments].flatMap((all) =>
    Object.values(all).flatMap(([, breaks]) => breaks),
  )
  expect(lawsLike(patterns)).toEqual(lawsLike([/./]))
})

test('the names of the laws differ', () => {
  expect(new Set(laws.map(({ name }) => name)).size).toBe(laws.length)
})
