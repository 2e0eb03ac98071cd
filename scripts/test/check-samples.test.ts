import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkSamples, withCopies } from '../check-samples.ts'
import { samplesOfPage, samplesOfSource } from '../check-samples/extract.ts'
import { exportsOf, mentioned } from '../check-samples/names.ts'

const root = join(import.meta.dirname, '../..')

/** A page with this block, whose code begins on line 4. */
const page = (...code: string[]): string => ['# A page', '', '```ts', ...code, '```', 'More.'].join('\n')

/** A source file with this example, which begins on line 4. */
const source = (...code: string[]): string =>
  ['/**', ' * What it does.', ' * @example', ...code.map((line) => ` * ${line}`), ' */', 'export {}'].join('\n')

describe('finding samples', () => {
  test('the ts blocks of a page, with their first lines; no other block', () => {
    const text = `${page('let a = 1', 'let b = 2')}\n\`\`\`sh\nnpm test\n\`\`\`\n${page('let c = 3')}`
    expect(samplesOfPage('a.md', text)).toEqual([
      { file: 'a.md', line: 4, code: 'let a = 1\nlet b = 2', kind: 'module' },
      { file: 'a.md', line: 14, code: 'let c = 3', kind: 'module' },
    ])
  })

  test('a fence in a longer fence is text', () => {
    expect(samplesOfPage('a.md', '````md\n```ts\nlet a = 1\n```\n````')).toEqual([])
  })

  test('a block whose fence names a file', () => {
    expect(samplesOfPage('a.md', '```ts examples/login.ts\nlet a = 1\n```')).toMatchObject([
      { copyOf: 'examples/login.ts', code: 'let a = 1' },
    ])
  })

  test('the examples of docstrings, which end at the next tag', () => {
    const text = '/**\n * @example\n * const a = {\n *   b: 1,\n * }\n * @example\n * a()\n * @see b\n */\n'
    expect(samplesOfSource('a.ts', text)).toEqual([
      { file: 'a.ts', line: 3, code: 'const a = {\n  b: 1,\n}', kind: 'example' },
      { file: 'a.ts', line: 7, code: 'a()', kind: 'example' },
    ])
  })

  test('what would be passed over is refused: a block without an end, an example that begins no line', () => {
    expect(() => samplesOfPage('a.md', 'One.\n```ts\nlet a = 1')).toThrow('a.md:2: this block has no end')
    const text = 'interface A {\n  /** One. @example 1 */\n  a: number\n}'
    expect(() => samplesOfSource('a.ts', text)).toThrow('a.ts:2: begin a line with @example')
  })

  test('an example on one line is a value of the option below it', () => {
    const text =
      'export interface HedgeOptions {\n  /** One. */\n  one: 1\n  /**\n   * @example 95\n   */\n  percentile?: number\n}'
    expect(samplesOfSource('a.ts', text)).toEqual([
      { file: 'a.ts', line: 5, code: '95', kind: 'value', option: { owner: 'HedgeOptions', name: 'percentile' } },
    ])
  })
})

describe('names', () => {
  test('what a module exports, and which of it are types', () => {
    const text = `
      export { a, type B } from './a.ts'
      export type { C } from './c.ts'
      export const { d, e: [f] } = g, h = 1
      export function i() {}
      export class J {}
      export interface K {}
      export type L = 1
      const m = 1`
    const types = [...exportsOf(text)].filter(([, { isType }]) => isType).map(([name]) => name)
    expect([...exportsOf(text).keys()]).toEqual(['a', 'B', 'C', 'd', 'f', 'h', 'i', 'J', 'K', 'L'])
    expect(types).toEqual(['B', 'C', 'K', 'L'])
  })

  test('what a sample mentions: no property, and nothing that it declares or imports itself', () => {
    const code = `import x, { y as z } from 'x'; const { a } = b.c({ d: e, f }); function g() {} z(x, a, g)`
    expect([...mentioned(code)].filter((name) => name !== 'y').sort()).toEqual(['b', 'e', 'f'])
  })
})

describe('checking samples', () => {
  test('refuses what TypeScript refuses, at the line of the page or of the docstring', () => {
    const widened = page(
      `import { lockchat } from '@rivulet/provider-lockchat'`,
      `const request = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }`,
      `lockchat().stream(request)`,
    )
    const option = 'export interface Options {\n  /**\n   * @example 95\n   */\n  name: string\n}'
    const file = 'packages/core/src/layers/retry.ts'
    const problems = checkSamples(root, [
      ...samplesOfPage('docs/a.md', widened),
      ...samplesOfPage('docs/b.md', page('provider.stream')),
      ...samplesOfSource(file, source('collect(provider.stream(request))', 'pipe(provider, retry({ tries: 3 }))')),
      ...samplesOfSource(file, source('retry()', 'noSuchName()')),
      ...samplesOfSource('examples/prelude.ts', option).map((sample) => ({
        ...sample,
        option: { owner: 'Provider', name: 'id' },
      })),
    ])
    const places = problems.map((problem) => /^\S+:\d+: error TS\d+/.exec(problem)?.[0])
    expect(places.sort()).toEqual([
      'docs/a.md:6: error TS2345',
      // A page has no prelude.
      'docs/b.md:4: error TS2304',
      'examples/prelude.ts:3: error TS2322',
      `${file}:5: error TS2304`,
      `${file}:5: error TS2353`,
    ])
  })

  test('accepts an example that leaves out imports, and a block that is a whole module', () => {
    const whole = page(
      `import { collect, type ChatRequest } from '@rivulet/core'`,
      `import { lockchat } from '@rivulet/provider-lockchat'`,
      `const request = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] } satisfies ChatRequest`,
      `console.log((await collect(lockchat().stream(request))).text)`,
    )
    const short = source(
      'const calm: Layer = (next) => wrap(next, { stream: provider.stream })',
      'pipe(lockchat(), calm)',
    )
    expect(
      checkSamples(root, [
        ...samplesOfPage('docs/a.md', whole),
        ...samplesOfSource('packages/core/src/provider.ts', short),
      ]),
    ).toEqual([])
  })

  test('a block that repeats a file must be equal to it, and can be copied anew', () => {
    const text = '```ts examples/prelude.ts\nlet a = 1\n```\n'
    expect(checkSamples(root, samplesOfPage('docs/a.md', text))).toEqual([
      'docs/a.md:2: differs from examples/prelude.ts. Run pnpm samples --write.',
    ])
    expect(withCopies(text, (file) => `// ${file}: $&\n`)).toBe(
      '```ts examples/prelude.ts\n// examples/prelude.ts: $&\n```\n',
    )
  })
})
