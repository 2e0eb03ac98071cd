import { describe, expect, test } from 'vitest'
import { block, delta, done, eventsOf, finish, stop, text, thought } from '../support/decoding.ts'

const thinking = (words: unknown) => delta(0, { type: 'thinking_delta', thinking: words })
const signature = (proof: unknown) => delta(0, { type: 'signature_delta', signature: proof })
const last = [stop('end_turn', {}), done]

describe('a thought', () => {
  test('is its text, and its signature at its end', () => {
    const begun = block(0, { type: 'thinking', thinking: '', signature: '' })
    expect(eventsOf(begun, thinking('Let me '), thinking('see.'), signature('c2ln'), ...last)).toEqual([
      thought('Let me '),
      thought('see.'),
      thought('', { signature: 'c2ln' }),
      finish('stop'),
    ])
  })

  test('that begins with its block is read there', () => {
    expect(eventsOf(block(0, { type: 'thinking', thinking: 'Hm.' }), ...last)).toEqual([thought('Hm.'), finish('stop')])
  })

  test.each(['', null, 7, undefined])('says nothing with %j', (none) => {
    expect(eventsOf(thinking(none), signature(none), ...last)).toEqual([finish('stop')])
  })

  test('has its signature from deltas of that type alone', () => {
    expect(eventsOf(delta(0, { type: 'stamp_delta', signature: 'c2ln' }), ...last)).toEqual([finish('stop')])
  })

  test('that is sealed is passed on, and has content', () => {
    expect(eventsOf(block(0, { type: 'redacted_thinking', data: 'c2VhbA==' }), ...last)).toEqual([
      thought('', { sealed: 'c2VhbA==' }),
      finish('stop'),
    ])
    expect(eventsOf(block(0, { type: 'redacted_thinking', data: 7 }), ...last)).toEqual([finish('stop')])
  })
})

test.each(['', null, 7, undefined])('a text says nothing with %j', (none) => {
  const messages = [block(0, { type: 'text', text: none }), delta(0, { type: 'text_delta', text: none })]
  expect(eventsOf(...messages, delta(0, { type: 'citations_delta', text: 'cited' }), ...last)).toEqual([finish('stop')])
})

test('a text is read where its block begins and where it goes on', () => {
  const messages = [block(0, { type: 'text', text: 'one' }), delta(0, { type: 'text_delta', text: 'two' })]
  expect(eventsOf(...messages, ...last)).toEqual([text('one'), text('two'), finish('stop')])
})
