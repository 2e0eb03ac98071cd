import { anyText } from '../../../../scripts/any-text.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type DecodedEvent,
  Dropped,
  TextInput,
  textCallAsJson,
  textToolsAsFunctions,
  unwrapTextCalls,
} from '../../src/authoring.ts'
import type { Tool } from '../../src/index.ts'

const patch: Tool = { type: 'text', name: 'apply_patch', description: 'Applies a patch.' }
const failing = (code: string): Error => expect.objectContaining({ code }) as Error

/** The text of arguments in these pieces, to their end. */
function read(...pieces: string[]): string {
  const input = new TextInput('c1')
  const text = pieces.map((piece) => input.add(piece)).join('')
  input.end()
  return text
}

describe('a text tool in a dialect of functions', () => {
  test('is a function of one string, and is named', () => {
    const dropped = new Dropped()
    const weather: Tool = { name: 'get_weather' }
    expect(textToolsAsFunctions([weather, patch], dropped)).toEqual([
      weather,
      {
        name: 'apply_patch',
        description: 'Applies a patch.',
        parameters: {
          type: 'object',
          properties: { input: { type: 'string' } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    ])
    expect(dropped.names).toEqual(["tool 'apply_patch' sent as a function"])
  })

  test.each([
    ['lark', 'Applies a patch.\n\nThe input must match this Lark grammar:\nstart: "a"'],
    ['regex', 'Applies a patch.\n\nThe input must match this regular expression:\nstart: "a"'],
  ] as const)('has its %s grammar in its description', (syntax, description) => {
    const grammar = { syntax, definition: 'start: "a"' }
    expect(textToolsAsFunctions([{ ...patch, grammar }], new Dropped())).toMatchObject([{ description }])
  })

  test('without words has no description', () => {
    expect(textToolsAsFunctions([{ type: 'text', name: 'f' }], new Dropped())).toMatchObject([
      { description: undefined },
    ])
  })

  test('a call of it goes back as its argument; a call of a function as it is', () => {
    const call = { type: 'tool-call', id: '1', name: 'f', input: 'a "b"\n' } as const
    expect(textCallAsJson(call)).toBe(call)
    expect(textCallAsJson({ ...call, format: 'text' })).toEqual({
      ...call,
      format: 'json',
      input: '{"input":"a \\"b\\"\\n"}',
    })
  })
})

describe('the input of a text tool', () => {
  test('is the text, however the JSON is cut', () => {
    fc.assert(
      fc.property(
        anyText({ maxLength: 40 }),
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom('', ' ', '\n'),
        (text, cuts, isAscii, space) => {
          const string = JSON.stringify(text)
          const escaped = isAscii
            ? string.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
            : string
          const json = `${space}{${space}"input"${space}:${space}${escaped}${space}}${space}`
          const places = [0, ...cuts.map((cut) => Math.min(cut, json.length)).sort((a, b) => a - b), json.length]
          expect(read(...places.slice(1).map((end, at) => json.slice(places[at], end)))).toBe(text)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('comes as soon as it is known, and never ends inside a character', () => {
    const input = new TextInput('c1')
    const pieces = ['{"in', 'put":"ab', '\\', 'n\\u00', 'e9\\ud83c', '\\udf0a', '"', '}']
    expect(pieces.map((piece) => input.add(piece))).toEqual(['', 'ab', '', '\n', 'é', '🌊', '', ''])
    input.end()
  })

  test.each(['', '{', '{"inp', '{"input"', '{"input":"a', '{"input":"a\\', '{"input":"a\\u00', '{"input":"a"'])(
    'that breaks off is truncated, and never run: %s',
    (json) => {
      expect(() => read(json)).toThrow(failing(json === '' ? 'malformed' : 'truncated'))
    },
  )

  test.each([
    '{}',
    '[]',
    'a',
    '{"input":1}',
    '{"text":"a"}',
    '{"input":"a","b":1}',
    '{"input":"\\q"}',
    '{"input":"a"}}',
  ])('that is something else is malformed: %s', (json) => {
    expect(() => read(json)).toThrow(failing('malformed'))
  })

  test('may not have spaces without end before or after the text', () => {
    const spaces = ' '.repeat(2_000)
    expect(() => new TextInput('c1').add(spaces)).toThrow(failing('malformed'))
    expect(() => new TextInput('c1').add(`{"input":"a"${spaces}`)).toThrow(failing('malformed'))
  })
})

describe('calls of text tools in an answer', () => {
  const call = (id: string, name: string): DecodedEvent => ({ type: 'tool-call', id, name })
  const input = (id: string, text: string): DecodedEvent => ({ type: 'tool-input', id, text })
  const finish = (reason: 'tool-calls' | 'length' | 'content-filter'): DecodedEvent => ({ type: 'finish', reason })
  const unwrapped = (tools: readonly Tool[] | undefined, ...events: DecodedEvent[]): DecodedEvent[] => {
    const emitted: DecodedEvent[] = []
    const emit = unwrapTextCalls(tools, (event) => emitted.push(event))
    for (const event of events) emit(event)
    return emitted
  }

  test('are text again, beside calls of functions', () => {
    const events = [
      call('1', 'apply_patch'),
      call('2', 'get_weather'),
      input('1', '{"input":'),
      input('2', '{"input":"Bern"}'),
      input('1', '"a"}'),
      finish('tool-calls'),
    ]
    expect(unwrapped([patch, { name: 'get_weather' }], ...events)).toEqual([
      { ...call('1', 'apply_patch'), format: 'text' },
      call('2', 'get_weather'),
      input('2', '{"input":"Bern"}'),
      input('1', 'a'),
      finish('tool-calls'),
    ])
    expect(unwrapped([{ name: 'apply_patch' }], ...events)).toEqual(events)
    expect(unwrapped(undefined, ...events)).toEqual(events)
  })

  test('that are cut end the answer as a failure, unless the answer says that it ended early', () => {
    const cut = [call('1', 'apply_patch'), input('1', '{"input":"a')]
    expect(() => unwrapped([patch], ...cut, finish('tool-calls'))).toThrow(failing('truncated'))
    expect(unwrapped([patch], ...cut, finish('length'))).toHaveLength(3)
    expect(unwrapped([patch], ...cut, finish('content-filter'))).toHaveLength(3)
  })
})
