import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DecodedEvent } from '../../src/protocol.ts'
import { wholeCharacters } from '../../src/dialect/whole-characters.ts'

type Emit = (event: DecodedEvent) => void

function through(layer: (emit: Emit) => Emit, events: readonly DecodedEvent[]): DecodedEvent[] {
  const seen: DecodedEvent[] = []
  const emit = layer((event) => seen.push(event))
  for (const event of events) emit(event)
  return seen
}

const joined = (events: readonly DecodedEvent[], type: 'text' | 'reasoning'): string =>
  events.map((event) => (event.type === type ? event.text : '')).join('')

/** An answer cut by UTF-16 units, text and reasoning alternating, with a finish at its end. */
const cutAnswer = fc
  .array(
    fc.record({
      type: fc.constantFrom('text', 'reasoning'),
      text: fc.string({ unit: fc.constantFrom('a', 'é', '🌊', '👩‍👩‍👧') }),
    }),
  )
  .map((runs) => runs.flatMap(({ type, text }) => text.split('').map((unit): DecodedEvent => ({ type, text: unit }))))
  .map((events): DecodedEvent[] => [...events, { type: 'finish', reason: 'stop' }])

const endsNoEventInsideACharacter = (layer: (emit: Emit) => Emit) =>
  fc.property(cutAnswer, (events) => {
    const seen = through(layer, events)
    for (const event of seen) if ('text' in event) expect(event.text.isWellFormed()).toBe(true)
    expect(joined(seen, 'text')).toBe(joined(events, 'text'))
    expect(joined(seen, 'reasoning')).toBe(joined(events, 'reasoning'))
    expect(seen.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })

test('no event ends inside a character, and nothing is lost', () => {
  fc.assert(endsNoEventInsideACharacter(wholeCharacters))
})

test('the law notices a layer that changes nothing, and one that drops surrogates', () => {
  expect(() => {
    fc.assert(endsNoEventInsideACharacter((emit) => emit))
  }).toThrow()
  const dropping =
    (emit: Emit): Emit =>
    (event) => {
      emit('text' in event ? { ...event, text: event.text.replaceAll(/[\ud800-\udfff]/g, '') } : event)
    }
  expect(() => {
    fc.assert(endsNoEventInsideACharacter(dropping))
  }).toThrow()
})

test('an event with whole characters is passed on, the same object', () => {
  const event: DecodedEvent = { type: 'text', text: 'a🌊' }
  expect(through(wholeCharacters, [event])[0]).toBe(event)
})

test('only the half character is held back: the text before it is delivered at once', () => {
  expect(through(wholeCharacters, [{ type: 'text', text: 'ab\ud83c' }])).toEqual([{ type: 'text', text: 'ab' }])
})

test('a half character whose other half never arrives is delivered in its place', () => {
  const seen = through(wholeCharacters, [
    { type: 'text', text: '\ud83c' },
    { type: 'tool-call', id: 'c', name: 'f' },
    { type: 'text', text: 'b' },
  ])
  expect(seen.map(({ type }) => type)).toEqual(['text', 'tool-call', 'text'])
  expect(joined(seen, 'text')).toBe('\ud83cb')
})

test('a half character waits for the next event of its kind: text is not joined with reasoning', () => {
  const seen = through(wholeCharacters, [
    { type: 'text', text: '\ud83c' },
    { type: 'reasoning', text: '\udf0a' },
  ])
  expect(seen).toEqual([
    { type: 'text', text: '\ud83c' },
    { type: 'reasoning', text: '\udf0a' },
  ])
})
