import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const PAGE = new URL('../../docs/security.md', import.meta.url)
const page = readFileSync(PAGE, 'utf8')

/** The rules of the page, each with its tests. */
const rules = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    title: text.split('\n', 1)[0] ?? '',
    tests: [...text.matchAll(/^- \[[^\]]+\]\(([^)]+)\): `(.+)`$/gm)].map(([, file = '', name = '']) => ({
      file,
      name,
    })),
  }))

test('the page has the fifteen rules in their order', () => {
  expect(rules.map(({ title }) => Number(/^(\d+)\. \S/.exec(title)?.[1]))).toEqual(
    Array.from({ length: 15 }, (_, at) => at + 1),
  )
})

test.each(rules)('$title: each test that holds it is there', ({ tests }) => {
  expect(tests.length).toBeGreaterThanOrEqual(1)
  for (const { file, name } of tests) {
    const source = new URL(file, PAGE)
    expect(existsSync(source), file).toBe(true)
    expect(readFileSync(source, 'utf8').includes(`'${name}'`), `${file} has the test "${name}"`).toBe(true)
  }
})
