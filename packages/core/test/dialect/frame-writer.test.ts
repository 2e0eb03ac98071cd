import { describe, expect, test } from 'vitest'
import type { ChatEvent, FrameLabel } from '../../src/chat.ts'
import { FrameWriter } from '../../src/dialect/frame-writer.ts'

const raw = (data: string, label: FrameLabel = 'as-is', dialect = 'acme'): ChatEvent => ({
  type: 'raw',
  dialect,
  label,
  data,
})
const text = (words: string): ChatEvent => ({ type: 'text', text: words })
const finish: ChatEvent = { type: 'finish', reason: 'stop' }
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'm1' }
const from = { from: 'acme', reason: 'truncated', message: 'broke' } as const

/** Frames are written in angle brackets, events by what they say; `DONE` closes the answer. */
const writerOf = (wantsUsage = true): FrameWriter =>
  new FrameWriter({
    dialect: 'acme',
    event: (event) => (event.type === 'text' ? event.text : event.type === 'finish' ? '.' : ''),
    frame: ({ data }) => `<${data}>`,
    closes: ({ data }) => data === 'DONE',
    wantsUsage,
  })
const written = (events: readonly ChatEvent[], wantsUsage?: boolean): string => {
  const whole = writerOf(wantsUsage).write(events)
  const writer = writerOf(wantsUsage)
  // However the events come, one by one or together.
  expect(events.map((event) => writer.write([event])).join('')).toBe(whole)
  return whole
}

describe('frames of an endpoint of the same dialect', () => {
  const end = [raw('stop', 'end'), raw('usage', 'usage'), raw('DONE', 'end'), finish]

  test.each<[string, ChatEvent[], string]>([
    ['pass as they came', [raw('a'), start, text('a'), raw('b'), text('b'), ...end], '<a><b><stop><usage><DONE>'],
    [
      'pass without events too',
      [raw('ping'), raw('a'), text('a'), raw('ping'), ...end],
      '<ping><a><ping><stop><usage><DONE>',
    ],
    [
      'are written from their events where they were mended',
      [raw('a', 'mended'), text('a'), ...end],
      'a<stop><usage><DONE>',
    ],
    [
      'with content in the frame that ends the answer',
      [raw('a'), text('a'), raw('b', 'end'), text('b'), raw('DONE', 'end'), finish],
      '<a><b><DONE>',
    ],
    ['with the end mark mended', [raw('a'), text('a'), raw('stop', 'end'), raw('DONE', 'mended'), finish], '<a>.'],
  ])('%s', (_what, events, expected) => {
    expect(written(events)).toBe(expected)
  })

  test('usage in a frame of its own passes only to a client that asked for it', () => {
    expect(written([raw('a'), text('a'), ...end], false)).toBe('<a><stop><DONE>')
    expect(written([raw('u', 'usage'), raw('a'), text('a'), ...end], false)).toBe('<a><stop><DONE>')
  })
})

describe('what would end the answer', () => {
  const begun = [raw('a'), text('a'), raw('b', 'end'), text('b')]

  test('waits for the finish, also when frames without content follow', () => {
    expect(written(begun)).toBe('<a>')
    expect(written([...begun, raw('ping'), raw('usage', 'usage')])).toBe('<a>')
  })

  test('is written from its events when the answer goes on, and the end waits again', () => {
    expect(written([...begun, raw('c'), text('c')])).toBe('<a>b<c>')
    expect(written([...begun, raw('c', 'mended'), text('c'), text('d')])).toBe('<a>bcd')
    expect(written([...begun, raw('c', 'end'), text('c')])).toBe('<a>b')
    // The usage between them does not come again.
    expect(written([...begun, raw('usage', 'usage'), raw('c'), text('c')])).toBe('<a>b<usage><c>')
    expect(written([...begun, raw('usage', 'usage'), raw('c'), text('c')], false)).toBe('<a>b<c>')
    expect(written([...begun, raw('c', 'end'), text('c'), raw('DONE', 'end'), finish])).toBe('<a>b<c><DONE>')
  })

  test('is written from its events when the finish comes without an end mark', () => {
    expect(written([...begun, finish])).toBe('<a>b.')
  })

  test('is released without its end when the answer fails', () => {
    const writer = writerOf()
    expect(writer.write(begun)).toBe('<a>')
    expect(writer.release()).toBe('b')
    expect(writer.release()).toBe('')
  })
})

describe('events without a frame', () => {
  test.each<[string, ChatEvent[], string]>([
    ['are written', [start, text('a'), finish], 'a.'],
    ['are written when their frame is of another dialect', [raw('x', 'as-is', 'other'), text('a'), finish], 'a.'],
    [
      'are written when another member goes on',
      [raw('a'), text('a'), { type: 'resume', ...from }, start, text('b'), finish],
      '<a>b.',
    ],
    [
      'after the frames that waited',
      [raw('a', 'end'), text('a'), { type: 'resume', ...from }, start, text('b'), finish],
      'ab.',
    ],
  ])('%s', (_what, events, expected) => {
    expect(written(events)).toBe(expected)
  })
})

test('every event is given to the writer of events, so that it can go on at any time', () => {
  const seen: string[] = []
  const writer = new FrameWriter({
    dialect: 'acme',
    event: ({ type }) => {
      seen.push(type)
      return ''
    },
    frame: () => '',
    closes: () => true,
    wantsUsage: true,
  })
  writer.write([raw('a'), start, text('a'), raw('b', 'end'), text('b'), finish])
  expect(seen).toEqual(['start', 'text', 'text', 'finish'])
})
