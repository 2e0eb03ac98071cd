import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inline } from '../public/inline.js'

type Node = ReturnType<typeof inline>[number]

/** A compact notation, independent of the page's renderer. */
function rendered(nodes: Node[]): string {
  return nodes
    .map((node) => {
      switch (node.type) {
        case 'text':
          return node.text
        case 'code':
          return `<code ${node.text}>`
        case 'break':
          return '<br>'
        case 'link':
          return `<${node.href} ${rendered(node.children)}>`
        default:
          return `<${node.type} ${rendered(node.children)}>`
      }
    })
    .join('')
}

test.each([
  ['plain', 'plain'],
  ['a **b** *c* __d__ _e_ ~~f~~', 'a <strong b> <em c> <strong d> <em e> <del f>'],
  ['***both***', '<strong <em both>>'],
  ['**bold *and italic***', '<strong bold <em and italic>>'],
  ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
  ['**強調**です', '<strong 強調>です'],
  ['**open', '**open'],
  ['*a **b*', '<em a **b>'],
  ['`a * b` ``c ` d`` ` e', '<code a * b> <code c ` d> ` e'],
  ['[text **b**](https://a.example/x_(y) "title")', '<https://a.example/x_(y) text <strong b>>'],
  [
    'see https://a.example/b_c, or (https://d.example).',
    'see <https://a.example/b_c https://a.example/b_c>, or (<https://d.example https://d.example>).',
  ],
  ['<https://a.example> and <b>', '<https://a.example https://a.example> and <b>'],
  ['![alt](https://a.example/i.png)', '<https://a.example/i.png alt>'],
  [
    '[x](javascript:alert(1)) [y](data:text/html,z) [z](/local)',
    'x (javascript:alert(1)) y (data:text/html,z) z (/local)',
  ],
  ['one\ntwo  \nthree\\\nfour<br/>five', 'one two  <br>three<br>four<br>five'],
  ['\\*not\\* \\a', '*not* \\a'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
])('%j', (text, expected) => {
  expect(rendered(inline(text))).toBe(expected)
})

test.each([
  ['a **b', 'a <strong b>'],
  ['a **b **', 'a <strong b >'],
  ['a `b * c', 'a <code b * c>'],
  ['a **', 'a '],
  ['[text](https://a.exa', '[text](<https://a.exa https://a.exa>'],
])('in a streaming text, %j is rendered as if closed', (text, expected) => {
  expect(rendered(inline(text, { open: true }))).toBe(expected)
})

test('every letter of any text is shown', () => {
  const piece = fc.constantFrom(
    '*',
    '**',
    '_',
    '`',
    '~~',
    '[',
    ']',
    '(',
    ')',
    '!',
    '<',
    '>',
    '\\',
    ' ',
    'a',
    'b1',
    '水',
    '\n',
  )
  const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '')
  const shown = (nodes: Node[]): string =>
    nodes.map((node) => ('text' in node ? node.text : 'children' in node ? shown(node.children) : '')).join('')
  fc.assert(
    fc.property(fc.array(piece), fc.boolean(), (pieces, open) => {
      expect(letters(shown(inline(pieces.join(''), { open })))).toBe(letters(pieces.join('')))
    }),
  )
})

test.each(['*a ', '[', '`', '**', '_a*', '![](', '<', '`a``'])(
  '%j repeated 20,000 times is parsed quickly',
  (piece) => {
    const started = performance.now()
    inline(piece.repeat(20_000))
    expect(performance.now() - started).toBeLessThan(2_000)
  },
)
