import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { fixturesIn, withoutLines } from '../src/index.ts'

const path = mkdtempSync(join(tmpdir(), 'fixtures-'))
const folder = pathToFileURL(`${path}/`)
for (const name of ['a.sse', 'a.ndjson', 'a.json', 'a.txt', 'a.b.csv', 'sse']) writeFileSync(join(path, name), name)
afterAll(() => {
  rmSync(path, { recursive: true })
})

test.each([
  ['a.sse', 'text/event-stream'],
  ['a.ndjson', 'application/x-ndjson'],
  ['a.json', 'application/json'],
  ['a.txt', 'text/plain'],
])('%s is %s', (name, contentType) => {
  expect(fixturesIn(folder)(name)).toEqual({ contentType, body: Buffer.from(name) })
})

test('the content type of an extension can be given', () => {
  const fixture = fixturesIn(folder, { csv: 'text/csv', json: 'application/json; charset=utf-8' })
  expect(['a.b.csv', 'a.json', 'a.txt'].map((name) => fixture(name).contentType)).toEqual([
    'text/csv',
    'application/json; charset=utf-8',
    'text/plain',
  ])
})

test('an extension without a content type is a mistake', () => {
  expect(() => fixturesIn(folder)('a.b.csv')).toThrow(
    new TypeError('fixturesIn: the extension of "a.b.csv" has no content type. Give one, as in { csv: \'text/csv\' }.'),
  )
})

test('lines that contain the words are left out, and every other byte stays', () => {
  const body = Buffer.concat([Buffer.from('data: å\r\n\ndata: ü\n\ndata: '), Uint8Array.of(0xff), Buffer.from('\n')])
  const { contentType, body: rest } = withoutLines({ contentType: 'text/event-stream', body }, 'ü', 'å')
  expect(contentType).toBe('text/event-stream')
  expect([...rest]).toEqual([...Buffer.from('\n\ndata: '), 0xff, 10])
})

test('words that no line contains are a mistake', () => {
  expect(() => withoutLines({ contentType: '', body: Buffer.from('a\nb') }, 'a', 'c')).toThrow('no line contains "c"')
})
