import { describe, expect, test } from 'vitest'
import type { OutputItems } from '../../../src/responses/client/output-items.ts'
import { DIFFERS, itemsSaying, message, refusal, saidBy, words, type Step } from './items-said.ts'

/** The pieces and the end of a part, for each kind of text: the place, the name of the whole, and how a text is said. */
const KINDS: [kind: string, place: string, whole: string, said: (text: string) => string, separator: string[]][] = [
  ['output_text', 'content_index', 'text', (text) => text, []],
  ['refusal', 'content_index', 'refusal', (text) => text, []],
  ['reasoning_summary_text', 'summary_index', 'text', (text) => `[${text}]`, ['[\n\n]']],
  ['reasoning_text', 'content_index', 'text', (text) => `[${text}]`, ['[\n\n]']],
]

describe.each(KINDS)('%s', (kind, place, whole, said, separator) => {
  const delta = (text: unknown, at?: unknown): Step => [`${kind}.delta`, { [place]: at, delta: text }]
  const end = (text: unknown, at?: unknown): Step => [`${kind}.done`, { [place]: at, [whole]: text }]

  test('is said in pieces, and by the end of its part', () => {
    expect(saidBy([delta('a'), delta('b'), end('abc')])).toEqual(['a', 'b', 'c'].map(said))
    expect(saidBy([end('abc')])).toEqual([said('abc')])
  })

  test('has its places, of which the first may be left out', () => {
    expect(saidBy([delta('a'), delta('b', 1), end('a', 0), end('bc', 1)])).toEqual([
      said('a'),
      ...separator,
      said('b'),
      said('c'),
    ])
    expect(saidBy([delta('a', 0), end('ab', '1')])).toEqual(['a', 'b'].map(said))
  })

  test('may not differ', () => {
    expect(saidBy([delta('a'), end('b')])).toEqual([said('a'), DIFFERS])
  })

  test('that is no text is passed over', () => {
    for (const nothing of [undefined, null, 7, {}, ['a']]) expect(saidBy([delta(nothing), end(nothing)])).toEqual([])
  })

  test('of two items is that of each', () => {
    const second = ([type, fields = {}]: Step): Step => [type, fields, '#1']
    expect(saidBy([delta('a'), second(delta('b')), end('a'), second(end('bc'))])).toEqual(['a', 'b', 'c'].map(said))
  })
})

describe('a part', () => {
  test.each<[string, object, string]>([
    ['of text', words('ab'), 'ab'],
    ['of a refusal', refusal('ab'), 'ab'],
    ['of reasoning', { type: 'reasoning_text', text: 'ab' }, '[ab]'],
  ])('%s says what the pieces left out', (_kind, part, said) => {
    expect(saidBy([['content_part.done', { part }]])).toEqual([said])
  })

  test('goes on with the pieces of its place', () => {
    const at = { content_index: 1 }
    expect(
      saidBy([
        ['output_text.delta', { ...at, delta: 'a' }],
        ['content_part.done', { ...at, part: words('ab') }],
      ]),
    ).toEqual(['a', 'b'])
    expect(
      saidBy([
        ['refusal.delta', { ...at, delta: 'a' }],
        ['content_part.done', { ...at, part: refusal('ab') }],
      ]),
    ).toEqual(['a', 'b'])
    expect(
      saidBy([
        ['reasoning_text.delta', { ...at, delta: 'a' }],
        ['content_part.done', { ...at, part: { type: 'reasoning_text', text: 'ab' } }],
      ]),
    ).toEqual(['[a]', '[b]'])
    expect(
      saidBy([
        ['reasoning_summary_text.delta', { summary_index: 1, delta: 'a' }],
        ['reasoning_summary_part.done', { summary_index: 1, part: { text: 'ab' } }],
      ]),
    ).toEqual(['[a]', '[b]'])
  })

  test('of another kind, or none, says nothing', () => {
    for (const part of [undefined, null, 'a', { type: 'other', text: 'a', refusal: 'a' }, { text: 'a' }]) {
      expect(saidBy([['content_part.done', { part }]])).toEqual([])
    }
    for (const part of [undefined, null, 'a', {}, { text: 7 }]) {
      expect(saidBy([['reasoning_summary_part.done', { part }]])).toEqual([])
    }
  })
})

describe('a refusal', () => {
  const isRefused = (use: (items: OutputItems) => void): boolean => {
    const items = itemsSaying([])
    use(items)
    return items.isRefused
  }

  test('is known by its words, wherever they come', () => {
    const refusals: ((items: OutputItems) => void)[] = [
      (items) => {
        items.read('response.refusal.delta', '#0', { delta: 'no' })
      },
      (items) => {
        items.read('response.refusal.done', '#0', { refusal: 'no' })
      },
      (items) => {
        items.read('response.content_part.done', '#0', { part: refusal('no') })
      },
      (items) => {
        items.read('response.output_item.done', '', { output_index: 0, item: message([refusal('no')]) })
      },
      (items) => {
        items.end({ output: [message([refusal('no'), words('a'), refusal('')])] }, false)
      },
    ]
    for (const use of refusals) expect(isRefused(use)).toBe(true)
  })

  test('without words is none, and neither is a text', () => {
    expect(
      isRefused((items) => {
        items.read('response.refusal.done', '#0', { refusal: '' })
        items.read('response.output_text.done', '#0', { text: 'a' })
        items.end({ output: [message([words('a')])] }, false)
      }),
    ).toBe(false)
  })
})
