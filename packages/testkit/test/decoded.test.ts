import { ChatError } from '@rivulet/core'
import { type Opened, textFraming } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { decoded } from '../src/index.ts'

/** Every piece is text; `!` ends the answer, `?` is an error, `#` is a bug of the decoder. */
const decode: Opened['decode'] = (emit) => ({
  push(frame) {
    const said = frame.text()
    if (said === '!') emit({ type: 'finish', reason: 'stop' })
    else if (said === '?') throw new ChatError('overloaded', 'too many')
    else if (said === '#') throw new RangeError('a mistake')
    else emit({ type: 'text', text: said })
  },
  end() {
    throw new ChatError('truncated', 'no end')
  },
})
const read = (...pieces: string[]) =>
  decoded(
    pieces.map((piece) => Buffer.from(piece)),
    textFraming(),
    decode,
  )
const said = (words: string) => ({ type: 'text', text: words })

test('a body is decoded to its finish, and not beyond it', () => {
  expect(read('a', 'b', '!', '?')).toEqual({ events: [said('a'), said('b'), { type: 'finish', reason: 'stop' }] })
})

test('a failure comes with the events before it, also that of a body without an end', () => {
  expect(read('a', '?')).toEqual({ events: [said('a')], failure: { code: 'overloaded', message: 'too many' } })
  expect(read('a')).toEqual({ events: [said('a')], failure: { code: 'truncated', message: 'no end' } })
})

test('a bug of the decoder is thrown', () => {
  expect(() => read('#')).toThrow(RangeError)
})
