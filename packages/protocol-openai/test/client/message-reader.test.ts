import type { DecodedEvent } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { MessageReader } from '../../src/client/message-reader.ts'
import { text } from '../support/decoding.ts'

type Fields = Record<string, unknown>

/** A reader, and the events of what it has read. */
function reading(areThoughtsKept = false): { reader: MessageReader; events: DecodedEvent[] } {
  const events: DecodedEvent[] = []
  return { reader: new MessageReader((event) => events.push(event), areThoughtsKept), events }
}

function eventsOf(...deltas: Fields[]): DecodedEvent[] {
  const { reader, events } = reading()
  for (const delta of deltas) reader.read(delta)
  return events
}

/** The events of a whole message after its pieces, without those of the pieces. */
function repeated(whole: Fields, ...pieces: Fields[]): { events: DecodedEvent[]; isRefused: boolean } {
  const { reader, events } = reading()
  for (const piece of pieces) reader.read(piece)
  const before = events.length
  reader.repeat(whole)
  return { events: events.slice(before), isRefused: reader.isRefused }
}

const thought = (words: string): DecodedEvent => ({ type: 'reasoning', text: words })
/** Where thoughts are kept, an empty piece ends one. */
const endOfThought: DecodedEvent = { type: 'reasoning', text: '', signature: '' }
const call: DecodedEvent = { type: 'tool-call', id: 'a', name: 'f' }
const calls = [{ id: 'a', function: { name: 'f' } }]

describe('the content', () => {
  test.each<[string, unknown, DecodedEvent[]]>([
    ['a text', 'a', [text('a')]],
    ['an empty text', '', []],
    ['null', null, []],
    ['an object', { text: 'a' }, []],
    ['no parts', [], []],
    ['parts with text, in order', [{ type: 'text', text: 'a' }, { text: 'b' }], [text('a'), text('b')]],
    [
      'parts without text',
      [{ type: 'text', text: '' }, { type: 'text' }, { type: 'x', text: 7 }, null, 'a', ['b']],
      [],
    ],
    ['a thought as text', [{ type: 'thinking', thinking: 'hm' }], [thought('hm')]],
    [
      'a thought in parts, before a text',
      [{ type: 'thinking', thinking: [{ text: 'h' }, null, 'x', { text: 7 }, { text: 'm' }] }, { text: 'a' }],
      [thought('hm'), text('a')],
    ],
    [
      'a thought without words',
      [{ type: 'thinking', thinking: [] }, { type: 'thinking' }, { type: 'thinking', text: 'a' }],
      [],
    ],
    ['a refusal as a part', [{ type: 'refusal', refusal: 'No.' }], [text('No.')]],
    ['a refusal without words', [{ type: 'refusal', text: 'a' }], []],
  ])('of %s is read', (_name, content, events) => {
    expect(eventsOf({ content })).toEqual(events)
  })

  test('comes after the thoughts and before the calls of its message', () => {
    expect(eventsOf({ tool_calls: calls, content: 'a', reasoning: 'hm' })).toEqual([thought('hm'), text('a'), call])
  })
})

describe('a refusal', () => {
  test('is text, in pieces, and is known as a refusal', () => {
    const { reader, events } = reading()
    reader.read({ content: null, refusal: '' })
    expect(reader.isRefused).toBe(false)
    reader.read({ refusal: 'No' })
    expect(reader.isRefused).toBe(true)
    reader.read({ refusal: '.' })
    expect(events).toEqual([text('No'), text('.')])
  })

  test.each([[[{ content: 'a' }, { refusal: 'No.' }]], [[{ content: 'a', refusal: 'No.' }]]])(
    'after text is not read: %j',
    (deltas) => {
      expect(eventsOf(...deltas)).toEqual([text('a')])
    },
  )

  test.each([7, null, {}, ['No.']])('is a text, not %j', (refusal) => {
    expect(eventsOf({ refusal })).toEqual([])
  })
})

describe('a thought that is kept', () => {
  const kept = (...deltas: Fields[]): DecodedEvent[] => {
    const { reader, events } = reading(true)
    for (const delta of deltas) reader.read(delta)
    return events
  }

  test.each<[string, Fields, DecodedEvent[]]>([
    ['text', { content: 'a' }, [text('a')]],
    ['calls', { tool_calls: calls }, [call]],
    ['a call without a name', { tool_calls: [{ id: 'a' }] }, []],
    ['the older call', { function_call: { name: 'f' } }, [{ type: 'tool-call', id: 'call_0', name: 'f' }]],
  ])('ends before %s', (_name, next, events) => {
    expect(kept({ reasoning: 'hm' }, next)).toEqual([thought('hm'), endOfThought, ...events])
  })

  test.each([{}, { content: '' }, { tool_calls: [] }, { tool_calls: null, function_call: null }, { tool_calls: 'f' }])(
    'goes on after %j',
    (next) => {
      expect(kept({ reasoning: 'h' }, next, { reasoning: 'm' })).toEqual([thought('h'), thought('m')])
    },
  )

  test('ends with the message', () => {
    const { reader, events } = reading(true)
    reader.read({ reasoning: 'hm' })
    reader.end()
    reader.end()
    expect(events).toEqual([thought('hm'), endOfThought])
  })

  test('ends before the calls of a message that repeats it', () => {
    const { reader, events } = reading(true)
    reader.read({ reasoning: 'hm' })
    reader.repeat({ reasoning: 'hm', tool_calls: calls })
    expect(events).toEqual([thought('hm'), endOfThought, call])
  })
})

describe('what only this dialect has a word for', () => {
  const native = (value: Fields): DecodedEvent => ({ type: 'native', dialect: 'openai-chat', value })

  test.each<[Fields]>([[{ annotations: [{ type: 'url_citation' }] }], [{ audio: { id: 'a1' } }], [{ images: [7] }]])(
    'is passed on as it came: %j',
    (value) => {
      expect(eventsOf(value)).toEqual([native(value)])
    },
  )

  test('comes between the text and the calls, each by itself', () => {
    const message = { images: [2], tool_calls: calls, audio: {}, annotations: [1], content: 'a' }
    expect(eventsOf(message)).toEqual([
      text('a'),
      native({ annotations: [1] }),
      native({ audio: {} }),
      native({ images: [2] }),
      call,
    ])
  })

  test.each([[[]], [null], [undefined], ['a'], [7], [true]])('is not there in %j', (value) => {
    expect(eventsOf({ annotations: value, audio: value, images: value })).toEqual([])
  })

  test('ends a thought that is kept', () => {
    const { reader, events } = reading(true)
    reader.read({ reasoning: 'hm' })
    reader.read({ images: [1] })
    expect(events).toEqual([thought('hm'), endOfThought, native({ images: [1] })])
  })

  test('is read from a message after its pieces where no piece had any', () => {
    expect(repeated({ images: [1] }, {}).events).toEqual([native({ images: [1] })])
    expect(repeated({ images: [1] }, { audio: { id: 'a1' } }).events).toEqual([])
  })
})

test('a reader is empty until a text or a thought comes', () => {
  for (const [delta, isEmpty] of [
    [{ content: '', tool_calls: calls, images: [1] }, true],
    [{ content: 'a' }, false],
    [{ reasoning: 'hm' }, false],
  ] as const) {
    const { reader } = reading()
    expect(reader.isEmpty).toBe(true)
    reader.read(delta)
    expect(reader.isEmpty).toBe(isEmpty)
  }
})

describe('a message is mended', () => {
  const isMended = (...deltas: Fields[]): boolean => {
    const { reader } = reading()
    for (const delta of deltas) reader.read(delta)
    return reader.isMended
  }
  const plain = { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }

  test.each<[string, Fields[]]>([
    ['content in parts', [{ content: [{ text: 'a' }] }]],
    ['content as an object', [{ content: {} }]],
    ['a call without an index', [{ tool_calls: calls }]],
    ['such content, whatever follows', [{ content: [] }, { content: 'a' }]],
    ['such a call, whatever follows', [{ tool_calls: calls }, { content: 'a' }]],
  ])('for %s', (_what, deltas) => {
    expect(isMended(...deltas)).toBe(true)
  })

  test.each<[string, Fields[]]>([
    ['text', [{ content: 'a' }]],
    ['no content', [{ content: null }, {}]],
    ['a call as OpenAI sends it', [plain]],
  ])('but not for %s', (_what, deltas) => {
    expect(isMended(...deltas)).toBe(false)
  })
})

describe('a message after its pieces', () => {
  test.each<[string, Fields, Fields[], DecodedEvent[]]>([
    ['the same text', { content: 'one two' }, [{ content: 'one ' }, { content: 'two' }], []],
    ['the same text in parts', { content: [{ text: 'o' }, { text: 'ne' }] }, [{ content: 'one' }], []],
    ['more text', { content: 'one two' }, [{ content: 'one' }], [text(' two')]],
    ['no text', { content: '' }, [{ content: 'one' }], []],
    ['text, where no piece had one', { content: 'one' }, [{}], [text('one')]],
    ['thoughts, where no piece had one', { reasoning: 'hm', content: 'one' }, [{ content: 'one' }], [thought('hm')]],
    ['the same thoughts', { reasoning: 'hm', content: 'one' }, [{ reasoning: 'hm' }], [text('one')]],
    ['calls, where no piece had one', { tool_calls: calls }, [{ content: 'one' }], [call]],
    ['the same calls', { tool_calls: calls }, [{ tool_calls: calls }], []],
    ['the same refusal', { content: null, refusal: 'No.' }, [{ refusal: 'No' }, { refusal: '.' }], []],
    ['more of a refusal', { content: null, refusal: 'No. Sorry.' }, [{ refusal: 'No.' }], [text(' Sorry.')]],
    ['a refusal, where no piece had text', { content: '', refusal: 'No.' }, [{}], [text('No.')]],
    ['a refusal as content', { content: 'No.', refusal: null }, [{ refusal: 'No.' }], []],
    ['a refusal beside the text', { content: 'one', refusal: 'No.' }, [{ content: 'one' }], []],
  ])('that says %s adds what they left out', (_name, whole, pieces, events) => {
    expect(repeated(whole, ...pieces).events).toEqual(events)
  })

  test('is a refusal if it says so in place of text, or if the pieces did', () => {
    expect(repeated({ refusal: 'No.' }).isRefused).toBe(true)
    expect(repeated({ content: 'No.' }, { refusal: 'No.' }).isRefused).toBe(true)
    expect(repeated({ content: 'one', refusal: 'No.' }).isRefused).toBe(false)
    for (const refusal of ['', null, 7, undefined]) expect(repeated({ content: '', refusal }).isRefused).toBe(false)
  })

  test.each<[Fields, Fields]>([
    [{ content: 'two' }, { content: 'one' }],
    [{ content: 'on' }, { content: 'one' }],
    [{ content: null, refusal: 'Never.' }, { refusal: 'No.' }],
    [{ content: null, refusal: 'No.' }, { content: 'one' }],
    [{ tool_calls: calls }, { tool_calls: [{ id: 'a', function: { name: 'g' } }] }],
  ])('that says something else is malformed: %j', (whole, piece) => {
    expect(() => repeated(whole, piece)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })
})
