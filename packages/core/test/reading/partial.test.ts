import { expect, test } from 'vitest'
import type { ChatResult } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import { keepPartial, partialOf } from '../../src/reading/partial.ts'

const had = (text: string): ChatResult => ({ provider: 'local', model: 'm1', text, toolCalls: [] })

test('what had arrived is kept beside a reason of the caller’s, and the last that was kept is what it was', () => {
  const reason = Object.freeze(new Error('mine'))
  keepPartial(reason, had('Hel'))
  keepPartial(reason, had('Hello'))
  expect(partialOf(reason)).toEqual(had('Hello'))
})

test('a failure carries it itself, and the first stands', () => {
  const error = new ChatError('timeout', 'too late')
  keepPartial(error, had('Hello'))
  keepPartial(error, had(''))
  expect([error.partial, partialOf(error)]).toEqual([had('Hello'), had('Hello')])
})

test.each(['words', 7, undefined, null])('a reason that can hold nothing keeps nothing: %j', (reason) => {
  keepPartial(reason, had('Hello'))
  expect(partialOf(reason)).toBeUndefined()
})
