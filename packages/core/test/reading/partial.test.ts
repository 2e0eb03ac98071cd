import { expect, test } from 'vitest'
import type { ChatResult } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { keepPartial, ownReason, partialOf, replacePartial } from '../../src/reading/partial.ts'

const partial = (text: string): ChatResult => ({ provider: 'local', model: 'm1', content: [], text, toolCalls: [] })

const reasons: [kind: string, reason: object][] = [
  ['an Error', new Error('mine')],
  ['a ChatError', new ChatError('overloaded', 'shutting down')],
  ['a frozen ChatError', Object.freeze(new ChatError('overloaded', 'shutting down'))],
]

test.each(reasons)('a partial answer is kept for the caller’s reason without changing it: %s', (_kind, reason) => {
  const before = { ...reason }
  keepPartial(reason, partial('Hello'))
  expect(partialOf(reason)).toEqual(partial('Hello'))
  expect({ ...reason }).toEqual(before)
})

test.each(reasons)('a reason that aborted two streams gives the answer of neither: %s', (_kind, reason) => {
  keepPartial(reason, partial('one user’s'))
  keepPartial(reason, partial('another’s'))
  expect(partialOf(reason)).toBeUndefined()
  replacePartial(reason, partial('a third one’s'))
  expect(partialOf(reason)).toBeUndefined()
})

test('a group replaces what its member kept', () => {
  const reason = new Error('mine')
  keepPartial(reason, partial('the second half'))
  replacePartial(reason, partial('all of it'))
  expect(partialOf(reason)).toEqual(partial('all of it'))
})

test('an error that a layer made for one stream carries its partial answer; the first one counts', () => {
  const error = ownReason(new ChatError('timeout', 'too late'))
  keepPartial(error, partial('Hello'))
  keepPartial(error, partial(''))
  expect([error.partial, partialOf(error)]).toEqual([partial('Hello'), partial('Hello')])
})

test.each(['words', 7, undefined, null])('a reason that is not an object has no partial answer: %j', (reason) => {
  keepPartial(reason, partial('Hello'))
  expect(partialOf(reason)).toBeUndefined()
})
