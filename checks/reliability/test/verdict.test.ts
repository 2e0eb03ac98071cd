import { describe, expect, it } from 'vitest'
import { wrongWith } from '../src/verdict.ts'

const WHOLE = 'The river runs to the sea, and the sea is full of stones.'

describe('what is wrong with an answer', () => {
  it.each<[string, string, ReturnType<typeof wrongWith>]>([
    ['nothing', WHOLE, undefined],
    ['its end is missing', WHOLE.slice(0, 20), 'short'],
    ['it is empty', '', 'short'],
    ['a part is repeated', WHOLE.slice(0, 26) + WHOLE.slice(10), 'doubled'],
    ['all of it is repeated', WHOLE + WHOLE, 'doubled'],
    ['it continues with another answer', `${WHOLE.slice(0, 26)} Paris is the capital of France.`, 'mixed'],
    ['it is another answer', 'Paris is the capital of France.', 'mixed'],
    ['a part is missing', WHOLE.slice(0, 10) + WHOLE.slice(20), 'mixed'],
  ])('%s', (_, answer, wrong) => {
    expect(wrongWith(answer, WHOLE)).toBe(wrong)
  })
})
