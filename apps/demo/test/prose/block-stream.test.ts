import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BlockStream } from '../../public/prose/block-stream.js'
import { lex } from '../../public/prose/lexer.js'

type Block = ReturnType<BlockStream['read']>[number]

function blocksOf(text: string): Block[] {
  const stream = new BlockStream()
  stream.push(text)
  return stream.read()
}

/** Of a block what a page shows of it. */
const shownOf = (block: Block): unknown =>
  block.type === 'code'
    ? { type: 'code', lang: block.lang, text: block.text.trimEnd() }
    : { type: block.type, raw: block.raw.trim() }

/** Lines that start, continue and end every kind of block. */
const line = fc.constantFrom(
  ...['', '', 'text', '# head', '#', '- a', '  - b', '    deep', '1. x', '2) y', '3. z', '---', '===', '> q', '```'],
  ...[
    '```js',
    '~~~',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    'a | b',
    '- [ ] todo',
    '* * *',
    '***',
    '水と川 🌊',
    'end\r',
  ],
  ...['-', '1.', '<details>', '[a]'],
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
          expect(stream.read().map(shownOf)).toEqual(blocksOf(text.slice(0, at)).map(shownOf))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('every letter of any text is in a block', () => {
  const words = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '')
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
      const blocks = blocksOf(lines.join('\n'))
      const shown = blocks.map((block) => (block.type === 'code' ? `${block.lang ?? ''} ${block.text}` : block.raw))
      expect(words(shown.join(''))).toBe(words(lines.join('')))
    }),
  )
})

test('settled blocks stay the same objects, and only the end is parsed again', () => {
  const stream = new BlockStream()
  stream.push('# One\n\nTwo\n\nThr')
  const [first] = stream.read()
  stream.push('ee\n\n- four')
  const blocks = stream.read()
  expect(blocks[0]).toBe(first)
  expect(blocks.map(({ type }) => type)).toEqual(['heading', 'paragraph', 'paragraph', 'list'])
  expect(stream.read()[1]).toBe(blocks[1])
})

test('code is open until its fence, which is not shown while it comes', () => {
  const stream = new BlockStream()
  stream.push('```ts\nconst a = 1\n``')
  expect(stream.read(true)).toMatchObject([{ type: 'code', lang: 'ts', text: 'const a = 1', closed: false }])
  stream.push('`')
  expect(stream.read()).toMatchObject([{ type: 'code', text: 'const a = 1', closed: true }])
  stream.push('\nend')
  expect(stream.read()).toMatchObject([{ type: 'code', text: 'const a = 1', closed: true }, { type: 'paragraph' }])
})

const depthOf = (token: object): number => {
  const inner = [
    ...('tokens' in token ? (token.tokens as object[]) : []),
    ...('items' in token ? (token.items as object[]) : []),
  ]
  return 1 + Math.max(0, ...inner.map(depthOf))
}

test.each([
  ['3,000 quotes', '>'.repeat(3_000)],
  ['3,000 quotes with spaces', '> '.repeat(3_000)],
  ['3,000 lists', `${'- '.repeat(3_000)}x`],
  ['3,000 numbered lists', `${'1. '.repeat(3_000)}x`],
  ['a list that goes in 500 times', Array.from({ length: 500 }, (_, n) => `${' '.repeat(2 * n)}- x`).join('\n')],
  ['3,000 words in bold in italics', `${'*a **b '.repeat(3_000)}x`],
  ['3,000 links in links', `${'['.repeat(3_000)}x${'](y)'.repeat(3_000)}`],
])('nesting ends where a page could not show it, and nothing is lost: %s', (_what, text) => {
  const blocks = blocksOf(text)
  expect(blocks.length).toBeGreaterThan(0)
  expect(Math.max(...blocks.map(depthOf))).toBeLessThan(70)
  expect(
    blocks
      .map(({ raw }) => raw)
      .join('')
      .replace(/\s/g, ''),
  ).toBe(text.replace(/\s/g, ''))
})

test('a list of 8,000 items is shown in pieces, so that none of it is parsed again for each item', () => {
  const stream = new BlockStream()
  for (let item = 0; item < 8_000; item++) {
    stream.push(`${item}. item\n`)
    if (item % 100 === 0) stream.read(true)
  }
  const lists = stream.read()
  expect(lists.every(({ type, raw }) => type === 'list' && raw.length <= 8_192)).toBe(true)
  const items = lists.flatMap((list) => (list.type === 'list' ? list.items : []))
  expect(items).toHaveLength(8_000)
  expect(lists[1]).toMatchObject({ ordered: true, start: (lists[0]?.type === 'list' && lists[0].items.length) || 0 })
})

test('the pieces of a long table have its head', () => {
  const tables = blocksOf(`| river | length |\n|---|--:|\n${'| Rhine | 1,233 km |\n'.repeat(2_000)}`)
  expect(tables.length).toBeGreaterThan(1)
  expect(tables.every((table) => table.type === 'table' && table.header[0]?.text === 'river')).toBe(true)
  expect(tables.flatMap((table) => (table.type === 'table' ? table.rows : []))).toHaveLength(2_000)
})

test('code of any length is one block', () => {
  const code = 'const river = "Rhine"\n'.repeat(5_000)
  expect(blocksOf(`\`\`\`ts\n${code}\`\`\``)).toMatchObject([{ type: 'code', text: code.slice(0, -1) }])
})

test('a line without an end is cut between words', () => {
  const blocks = blocksOf('river '.repeat(20_000))
  expect(blocks.length).toBeGreaterThan(5)
  expect(blocks.every(({ raw }) => /^(river ?)+$/.test(raw))).toBe(true)
})

test('a text that arrives at once is taken in steps', () => {
  const stream = new BlockStream()
  stream.push('word\n\n'.repeat(10_000))
  expect(stream.read(true, 8_192).length).toBeLessThan(2_000)
  expect(stream.isCurrent).toBe(false)
  expect(stream.read()).toHaveLength(10_000)
  expect(stream.isCurrent).toBe(true)
})

test('HTML is text, and a link definition holds for what follows it', () => {
  const [html, ...rest] = blocksOf('<img src=x onerror=alert(1)>\n\n[a]: https://a.example\n\nSee [a].')
  expect(html).toMatchObject({ type: 'paragraph', tokens: [{ type: 'text', raw: '<img src=x onerror=alert(1)>' }] })
  expect(rest.at(-1)).toMatchObject({ tokens: [{ type: 'text' }, { type: 'link', href: 'https://a.example' }, {}] })
  expect(lex('a<br>b')).toMatchObject([{ tokens: [{ raw: 'a' }, { type: 'html', raw: '<br>' }, { raw: 'b' }] }])
})

test('emphasis is looked for nearby, and so often: what a stranger sends is parsed in a time that grows with its length', () => {
  const kinds = (text: string): string[] => {
    const [block] = lex(text)
    return block && 'tokens' in block ? (block.tokens ?? []).map(({ type }) => type) : []
  }
  expect(kinds(`**${'a '.repeat(100)}b**`)).toEqual(['strong'])
  expect(kinds(`**${'a '.repeat(300)}b**`)).toEqual(['text'])
  expect(kinds('*a* '.repeat(2_000)).filter((kind) => kind === 'em')).toHaveLength(1_000)
})
