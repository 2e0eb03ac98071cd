import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The first three are documented by nobody but us: their wire facts are in their READMEs. */
const OURS = ['provider-gravityengine', 'provider-liaobots', 'provider-lockchat']

const packages = join(import.meta.dirname, '../..')
const folders = globSync('provider-*/test/fixtures', { cwd: packages }).filter(
  (folder) => !OURS.some((name) => folder.startsWith(name)),
)

test('every vendor has fixtures', () => {
  const vendors = globSync('provider-*/package.json', { cwd: packages }).map((file) => dirname(file))
  expect(folders.map((folder) => dirname(dirname(folder))).sort()).toEqual(
    vendors.filter((name) => !OURS.includes(name)).sort(),
  )
})

describe.each(folders)('%s', (folder) => {
  const path = join(packages, folder)
  const sources = readFileSync(join(path, 'SOURCES.md'), 'utf8')
  const files = readdirSync(path).filter((name) => name !== 'SOURCES.md')

  test('says where each of its bytes come from, and when', () => {
    expect(sources).toMatch(/\b20\d\d-\d\d-\d\d\b/)
    const named = [...sources.matchAll(/`([^`/]+\.(?:sse|json|ndjson))`/g)].map(([, name = '']) => name)
    expect(new Set(named)).toEqual(new Set(files))
  })

  test('has what every chat needs', () => {
    const kinds = files.map((name) => basename(name).replace(/^responses-|\.\w+$/g, ''))
    for (const kind of ['text', 'empty', 'error-first', 'error-mid-stream']) expect(kinds).toContain(kind)
    // Where there is none, the sources say why.
    for (const [kind, why] of [
      [/^struct/, 'no structured output'],
      [/tool-call/, 'no tool calls'],
      [/^reasoning$/, 'tell no thoughts'],
      [/^refusal$/, 'There is no refusal'],
    ] as const) {
      expect(kinds.some((name) => kind.test(name)) || sources.includes(why), String(kind)).toBe(true)
    }
  })
})
