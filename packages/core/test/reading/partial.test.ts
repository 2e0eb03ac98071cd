import { expect, test } from 'vitest'
import type { ChatResult } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { keepPartial, partialOf } from '../../src/reading/partial.ts'

const partial = (text: string): ChatResult => ({ provider: 'local', model: 'm1', text, toolCalls: [] })

test('a partial answer is kept for the caller’s reason without changing it; the last one counts', () => {
  const reason = Object.freeze(new Error('mine'))
  keepPartial(reason, partial('Hel'))
  keepPartial(reason, partial('Hello'))
  expect(partialOf(reason)).toEqual(partial('Hello'))
})

test('a ChatError carries its partial answer; the first one counts', () => {
  const error = new ChatError('timeout', 'too late')
  keepPartial(error, partial('Hello'))
  keepPartial(error, partial(''))
  expect([error.partial, partialOf(error)]).toEqual([partial('Hello'), partial('Hello')])
})

test.each(['words', 7, undefined, null])('a reason that is not an object has no partial answer: %j', (reason) => {
  keepPartial(reason, partial('Hello'))
  expect(partialOf(reason)).toBeUndefined()
})
