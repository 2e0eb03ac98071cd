import type { AssistantPart, Message, ReasoningPart, ToolCallPart, UserPart } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { bodyOf, hello, openedAs } from '../support/requests.ts'

const again = { role: 'user', content: 'Again' } as const
const turnsOf = (...messages: Message[]): unknown => bodyOf({ messages }).messages
const answer = (content: string): Message => ({ role: 'assistant', content })
const call: ToolCallPart = { type: 'tool-call', id: 'a', name: 'f', input: '{}' }
/** A turn of several parts; a string is a text. */
const turn = (...parts: (string | AssistantPart)[]): Message => ({
  role: 'assistant',
  content: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
})
const used = { type: 'tool_use', id: 'a', name: 'f', input: {} }
const text = (words: string) => ({ type: 'text', text: words })
const PIXEL = { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' } as const
const pixel = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }

const BLANKS = ['', ' ', '\n\n', '\t \u{a0}\u{2028}', '\0']

describe.each(BLANKS)('a blank text (%j)', (blank) => {
  test('is left out beside a call, and beside an image', () => {
    expect(turnsOf(hello, turn(blank, call))).toEqual([hello, { role: 'assistant', content: [used] }])
    const content: UserPart[] = [{ type: 'text', text: blank }, PIXEL]
    expect(turnsOf({ role: 'user', content })).toEqual([{ role: 'user', content: [pixel] }])
  })

  test('is no turn: the turns around it are one', () => {
    const one = [{ role: 'user', content: [text('Hello'), text('Again')] }]
    expect(turnsOf(hello, answer(blank), again)).toEqual(one)
    expect(turnsOf(hello, { role: 'user', content: blank }, again)).toEqual(one)
    expect(turnsOf(hello, { role: 'user', content: [{ type: 'text', text: blank }] }, again)).toEqual(one)
    expect(turnsOf(hello, { role: 'user', content: [] }, again)).toEqual(one)
    expect(turnsOf(hello, answer(blank))).toEqual([hello])
  })

  test('is no instruction, and no content of a result', () => {
    expect(bodyOf({ messages: [{ role: 'system', content: blank, cache: true }, hello] })).not.toHaveProperty('system')
    const result: Message = { role: 'tool', toolCallId: 'a', content: blank }
    expect(turnsOf(result)).toEqual([{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a' }] }])
  })
})

describe('white space at the end', () => {
  test('of a last turn of the assistant is left out', () => {
    expect(turnsOf(hello, answer('The answer is \n'))).toEqual([hello, answer('The answer is')])
    expect(turnsOf(hello, answer('I'), answer(' look: '))).toEqual([
      hello,
      { role: 'assistant', content: [text('I'), text(' look:')] },
    ])
  })

  test('of any other turn is kept', () => {
    const turns = [{ role: 'user', content: 'Hello ' }, answer('Yes. '), { role: 'user', content: 'Again ' }] as const
    expect(turnsOf(...turns)).toEqual(turns)
    expect(turnsOf(hello, turn('I look: ', call))).toEqual([
      hello,
      { role: 'assistant', content: [text('I look: '), used] },
    ])
  })
})

describe('thoughts', () => {
  const signed: ReasoningPart = { type: 'reasoning', text: 'Hm.', signature: 's' }
  const sealed: ReasoningPart = { type: 'reasoning', text: '', sealed: 'c2VhbA==' }
  const thinking = { type: 'thinking', thinking: 'Hm.', signature: 's' }

  test('without a signature, or with an empty one, are left out', () => {
    const unsigned: ReasoningPart[] = [
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning', text: 'b', signature: '' },
    ]
    expect(turnsOf(hello, turn(...unsigned, signed, 'Yes.'))).toEqual([
      hello,
      { role: 'assistant', content: [thinking, text('Yes.')] },
    ])
  })

  test('alone are no turn, which may not end with a thought', () => {
    expect(turnsOf(hello, turn(signed, sealed))).toEqual([hello])
    expect(turnsOf(hello, turn(signed, sealed), again)).toEqual([
      { role: 'user', content: [text('Hello'), text('Again')] },
    ])
    expect(turnsOf(hello, turn('Yes.', signed, sealed))).toEqual([hello, answer('Yes.')])
    expect(turnsOf(hello, turn(signed, call))).toEqual([hello, { role: 'assistant', content: [thinking, used] }])
  })

  test('and texts and calls keep their order, also over two messages of one turn', () => {
    const content = [text('One.'), thinking, used]
    expect(turnsOf(hello, turn('One.', signed, call))).toEqual([hello, { role: 'assistant', content }])
    expect(turnsOf(hello, turn('One.', signed), turn(call))).toEqual([hello, { role: 'assistant', content }])
  })
})

describe('marks for the cache', () => {
  const marked = (content: string): Message => ({ role: 'user', content, cache: true })
  const mark = { cache_control: { type: 'ephemeral' } }

  test('are at most four: the last of the system prompt, and the last ones of all', () => {
    const system = ['a', 'b', 'c'].map((content): Message => ({ role: 'system', content, cache: true }))
    const body = bodyOf({ messages: [...system, marked('d'), answer('Yes.'), marked('e'), marked('f')] })
    expect(body.system).toEqual([text('a'), text('b'), { ...text('c'), ...mark }])
    expect(body.messages).toEqual([
      { role: 'user', content: [{ ...text('d'), ...mark }] },
      answer('Yes.'),
      {
        role: 'user',
        content: [
          { ...text('e'), ...mark },
          { ...text('f'), ...mark },
        ],
      },
    ])
  })

  test('that are four are all kept', () => {
    const messages = ['a', 'b', 'c', 'd'].map(marked)
    expect(JSON.stringify(turnsOf(...messages)).match(/cache_control/g)).toHaveLength(4)
  })

  test('are on the last block that is sent', () => {
    const content: UserPart[] = [{ type: 'text', text: 'a' }, PIXEL, { type: 'text', text: ' ' }]
    expect(turnsOf({ role: 'user', content, cache: true })).toEqual([
      { role: 'user', content: [text('a'), { ...pixel, ...mark }] },
    ])
    expect(turnsOf({ role: 'user', content })).toEqual([{ role: 'user', content: [text('a'), pixel] }])
  })
})

describe('a file', () => {
  const blocksOf = (part: UserPart): unknown =>
    (turnsOf({ role: 'user', content: [part] }) as { content: unknown[] }[])[0]?.content

  test.each(['image/jpg', 'image/pjpeg', 'image/jpeg'])('of the type %s is a JPEG image', (type) => {
    const url = `data:${type};base64,/9j/`
    const source = { type: 'base64', media_type: 'image/jpeg', data: '/9j/' }
    expect(blocksOf({ type: 'image', url })).toEqual([{ type: 'image', source }])
    expect(blocksOf({ type: 'file', url, name: 'a.jpg' })).toEqual([{ type: 'image', source }])
  })

  test.each(['text/csv', 'text/markdown', 'application/json', 'application/xml', 'image/svg+xml'])(
    'of the type %s is sent as plain text',
    (type) => {
      const part: UserPart = { type: 'file', url: `data:${type};base64,R3LDvMOfZQ==`, name: 'a' }
      const source = { type: 'text', media_type: 'text/plain', data: 'Grüße' }
      expect(blocksOf(part)).toEqual([{ type: 'document', source, title: 'a' }])
    },
  )

  test('at an address is fetched by the API', () => {
    const source = { type: 'url', url: 'https://example.com/a' }
    expect(blocksOf({ type: 'image', url: source.url })).toEqual([{ type: 'image', source }])
    expect(blocksOf({ type: 'file', url: source.url, name: 'a' })).toEqual([{ type: 'document', source, title: 'a' }])
  })

  test.each<[string, UserPart]>([
    ['files of type application/zip', { type: 'file', url: 'data:application/zip;base64,UEsDBA==' }],
    ['files of type image/bmp', { type: 'file', url: 'data:image/bmp;base64,Qk0=' }],
    ['images of type image/svg+xml', { type: 'image', url: 'data:image/svg+xml,<svg/>' }],
    ['images of type application/pdf', { type: 'image', url: 'data:application/pdf;base64,JVBERi0=' }],
  ])('that the API does not take is unsupported: %s', (what, part) => {
    expect(() => turnsOf({ role: 'user', content: [part] })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: `${what} are not taken: give a PNG, JPEG, GIF or WebP image, a PDF, or a text`,
      }),
    )
  })
})

describe('tools', () => {
  test('that are an empty list are left out, and the choice with them', () => {
    const body = bodyOf({ tools: [], toolChoice: 'auto' })
    expect(body).not.toHaveProperty('tools')
    expect(body).not.toHaveProperty('tool_choice')
  })

  test.each([{}, { properties: {} }, { type: 'object' }])('have a whole schema of an object: %j', (parameters) => {
    expect(bodyOf({ tools: [{ name: 'f', parameters }] }).tools).toEqual([
      { name: 'f', input_schema: { type: 'object', properties: {} } },
    ])
  })
})

test('the arguments of a call are sent as an object, broken or absent ones too', () => {
  const calls = ['{"x":', 'null', ' ', '{"x":1}'].map((json, at): ToolCallPart => ({
    type: 'tool-call',
    id: `t${at}`,
    name: 'f',
    input: json,
  }))
  const [, sent] = turnsOf(hello, turn(...calls)) as { content: { input: unknown }[] }[]
  expect(sent?.content.map(({ input }) => input)).toEqual([{ INVALID_JSON: '{"x":' }, {}, {}, { x: 1 }])
})

test('a temperature above the end of the scale is sent as its end, and named', () => {
  const { body, dropped } = openedAs({ temperature: 1.5 })
  expect([body.temperature, dropped]).toEqual([1, ['temperature: 1.5 sent as 1']])
  expect(openedAs({ temperature: 1 })).toMatchObject({ body: { temperature: 1 }, dropped: [] })
})
