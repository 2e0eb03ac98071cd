import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, BlockStream, splitBlocks } from '../public/blocks.js'

test('every kind of block is recognised', () => {
  const text = `# One

Two lines
of a paragraph
## Two ##
---
> a quote
> - with a list
goes on

| a | b \\| c |
|:--|--:|
| 1 | 2 |
| 3 |

\`\`\`ts {1}
const a = '# no heading'

\`\`\`
Three
===`
  expect(splitBlocks(text)).toMatchObject([
    { type: 'heading', level: 1, text: 'One' },
    { type: 'paragraph', text: 'Two lines\nof a paragraph' },
    { type: 'heading', level: 2, text: 'Two' },
    { type: 'rule' },
    { type: 'quote', blocks: [{ type: 'paragraph' }, { type: 'list' }] },
    {
      type: 'table',
      align: ['left', 'right'],
      head: ['a', 'b | c'],
      rows: [{ cells: ['1', '2'] }, { cells: ['3', ''] }],
    },
    { type: 'code', language: 'ts', text: "const a = '# no heading'\n" },
    { type: 'heading', level: 1, text: 'Three' },
  ])
})

test('lists nest, continue, and contain blocks', () => {
  const text = `- one
  - inner
    1. deep
- [x] two
lazy

- three

  \`\`\`
  code
  \`\`\`
3. other
4. list`
  expect(splitBlocks(text)).toMatchObject([
    {
      type: 'list',
      ordered: false,
      tight: false,
      items: [
        {
          blocks: [
            { text: 'one' },
            { type: 'list', items: [{ blocks: [{ text: 'inner' }, { type: 'list', ordered: true }] }] },
          ],
        },
        { task: 'done', blocks: [{ text: 'two\nlazy' }] },
        { blocks: [{ text: 'three' }, { type: 'code', text: 'code' }] },
      ],
    },
    { type: 'list', ordered: true, start: 3, tight: true, items: [{}, {}] },
  ])
})

test.each([
  ['#hashtag', 'paragraph'],
  ['# ', 'paragraph'],
  ['1999. A year', 'list'],
  ['```inline``` code', 'paragraph'],
  ['a | b\nno ruler', 'paragraph'],
  ['-not a list', 'paragraph'],
  ['**bold** start', 'paragraph'],
])('%j is a %s', (text, type) => {
  expect(splitBlocks(text)).toMatchObject([{ type }])
})

test('a line that starts with the number of a sentence is not a list', () => {
  expect(splitBlocks('It was the year\n1999. Then came 2000.')).toMatchObject([{ type: 'paragraph' }])
})

test('a tab counts as indentation', () => {
  expect(splitBlocks('- one\n\t- inner\n\nend')).toMatchObject([
    { type: 'list', items: [{ blocks: [{ text: 'one' }, { type: 'list' }] }] },
    { type: 'paragraph' },
  ])
})

test('an unclosed code block extends to the end', () => {
  expect(splitBlocks('```py\na\n\n# b')).toMatchObject([{ type: 'code', language: 'py', text: 'a\n\n# b' }])
})

test('CRLF is a line ending', () => {
  expect(splitBlocks('# a\r\n\r\n```\r\nb\r\n```\r\nc')).toMatchObject([{ text: 'a' }, { text: 'b' }, { text: 'c' }])
})

/** Lines that start, continue and end every kind of block. */
const line = fc.constantFrom(
  ...[
    '',
    '',
    'text',
    '# head',
    '#',
    '- a',
    '  - b',
    '    deep',
    '1. x',
    '2) y',
    '3. z',
    '---',
    '===',
    '> q',
    '```',
    '```js',
  ],
  ...[
    '~~~',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    'a | b',
    '- [ ] todo',
    '* * *',
    '***',
    '\ttab',
    '水と川 🌊',
    'end\r',
    '-',
    '1.',
  ],
)

test('a streamed text has the blocks of the whole text, wherever it is split', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 14 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (lines, sizes) => {
        const text = lines.join('\n')
        const stream = new BlockStream()
        for (let at = 0, turn = 0; at < text.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          stream.push(text.slice(at, at + size))
          at += size
          expect(stream.read()).toEqual(splitBlocks(text.slice(0, at)))
        }
      },
    ),
    { numRuns: 400 },
  )
})

test('no line is lost', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
      const raw = splitBlocks(lines.join('\n')).map((block) => block.raw)
      const words = (text: string): string => text.replace(/\s+/g, '')
      expect(words(raw.join(''))).toBe(words(lines.join('')))
    }),
  )
})

test('settled blocks stay the same objects, and only the end is parsed again', () => {
  const stream = new BlockStream()
  stream.push('# One\n\nTwo\n\nThr')
  const [first, second] = stream.read()
  stream.push('ee\n\n- four')
  const blocks = stream.read()
  expect(blocks[0]).toBe(first)
  expect(blocks[1]).toEqual(second)
  expect(blocks.map(({ type }) => type)).toEqual(['heading', 'paragraph', 'paragraph', 'list'])
  const again = stream.read()
  expect(again[1]).toBe(blocks[1])
})

test.each([
  ['3,000 quotes', '>'.repeat(3_000)],
  ['3,000 quotes with spaces', '> '.repeat(3_000)],
  ['3,000 lists', `${'- '.repeat(3_000)}x`],
  ['3,000 numbered lists', `${'1. '.repeat(3_000)}x`],
  [
    'a list that goes in by two spaces, 2,000 times',
    Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(2 * n)}- x`).join('\n'),
  ],
])('nesting ends where a page could not show it: %s', (_what, text) => {
  const depthOf = (blocks: readonly Block[]): number =>
    1 +
    Math.max(
      0,
      ...blocks.flatMap((block) => {
        if (block.type === 'quote') return depthOf(block.blocks)
        return block.type === 'list' ? block.items.map((item) => depthOf(item.blocks)) : 0
      }),
    )
  expect(depthOf(splitBlocks(text))).toBe(21)
  const stream = new BlockStream()
  stream.push(text)
  expect(stream.read()).toEqual(splitBlocks(text))
})

test('a list of 20,000 items is parsed, and while it grows not anew for each of them', () => {
  const stream = new BlockStream()
  const reads = new Set<unknown>()
  for (let item = 0; item < 20_000; item++) {
    stream.push('- item\n')
    if (item % 100 === 0) reads.add(stream.read(true))
  }
  expect(stream.read()).toMatchObject([{ type: 'list', items: { length: 20_000 } }])
  // 47 while it is short, and then one for each twentieth.
  expect(reads.size).toBeLessThan(90)
})

test('as many lists as lines are read line by line', () => {
  expect(splitBlocks('- a\n\n* b\n\n'.repeat(5_000))).toHaveLength(10_000)
})
