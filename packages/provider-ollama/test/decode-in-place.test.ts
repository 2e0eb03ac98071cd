import { type DecodedEvent, detectFraming } from '@rivulet/core/provider'
import { decoded } from '@rivulet/testkit'
import { expect, test, vi } from 'vitest'
import { decode } from '../src/decode.ts'

type Field = 'content' | 'thinking'
type Piece = readonly [field: Field, text: string]

const line = ([field, text]: Piece): string =>
  `${JSON.stringify({ model: 'm', message: { role: 'assistant', [field]: text }, done: false })}\n`

/** The pieces that an answer with these is read as, and how many of its lines were parsed. */
function readBack(pieces: readonly Piece[]): { pieces: Piece[]; parsed: number } {
  const body = `${pieces.map(line).join('')}{"model":"m","done":true}\n`
  const spy = vi.spyOn(JSON, 'parse')
  const { events, failure } = decoded(body, detectFraming('application/x-ndjson'), decode)
  const parsed = spy.mock.calls.length
  spy.mockRestore()
  expect(failure).toBeUndefined()
  const read = events.flatMap((event: DecodedEvent): Piece[] => {
    if (event.type === 'text') return [['content', event.text]]
    return event.type === 'reasoning' && event.text !== '' ? [['thinking', event.text]] : []
  })
  return { pieces: read, parsed }
}

test('lines that differ in their text alone are not parsed, and are read as if they were', () => {
  const words = Array.from({ length: 100 }, (_, at) => `${at} `)
  const sent = (['thinking', 'content'] as const).flatMap((field) => words.map((word): Piece => [field, word]))
  const { pieces, parsed } = readBack(sent)
  expect(pieces).toEqual(sent)
  expect(parsed).toBeLessThan(15)
})

test('thoughts and text are told apart however they alternate', () => {
  for (const pattern of ['ct', 'cct', 'ctt', 'ctct', 'cccttc']) {
    const sent = Array.from({ length: 40 }, (_, at): Piece => [
      pattern[at % pattern.length] === 'c' ? 'content' : 'thinking',
      `${at}`,
    ])
    expect(readBack(sent).pieces).toEqual(sent)
  }
})
