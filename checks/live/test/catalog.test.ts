import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { entryOf } from '../src/catalog/entry.ts'
import { merge } from '../src/catalog/merge.ts'
import { PLACES } from '../src/catalog/places.ts'
import { run } from './run.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const today = '2027-02-03'

const source = `import type { Model } from '@rivulet/core'

/** Looked up on 2026-01-01: a comment about something else. */
const WIDE = { contextTokens: 9 }

/**
 * What Acme serves.
 *
 * @see https://acme.example/models (2026-11-20)
 */
export const MODELS: readonly Model[] = [
  { id: 'a-1', ...WIDE },
  { id: 'a-2' },
]

export const MORE = []
`

test('new models are added, models no longer listed stay and are reported, dates become new', () => {
  const merged = merge({
    source,
    known: [{ id: 'a-1', contextTokens: 9 }, { id: 'a-2' }],
    listed: [{ id: 'a-1', contextTokens: 99 }, { id: 'a-3', name: 'A 3', contextTokens: 131_072 }, { id: 'a-embed' }],
    notChat: /embed/,
    today,
  })
  expect(merged.added).toEqual(['a-3'])
  expect(merged.vanished).toEqual(['a-2'])
  expect(merged.otherwise).toEqual(['a-1: contextTokens is 9 in the catalog, 99 at the endpoint'])
  const entry = [
    `  // As the endpoint listed it on ${today}: look up what is missing.`,
    `  { id: 'a-3', name: 'A 3', contextTokens: 131_072 },`,
  ]
  expect(merged.source).toBe(
    source.replace('2026-11-20', today).replace(`  { id: 'a-2' },\n`, `  { id: 'a-2' },\n${entry.join('\n')}\n`),
  )
  expect(merged.diff).toEqual([
    '- * @see https://acme.example/models (2026-11-20)',
    `+ * @see https://acme.example/models (${today})`,
    ...entry.map((line) => `+${line}`),
  ])
})

test('a version of a model is that model', () => {
  const listed = ['a-1-20270101', 'a-2-2027-01-01', 'a-2-latest'].map((id) => ({ id }))
  const { added, vanished } = merge({ source, known: [{ id: 'a-1' }, { id: 'a-2' }], listed, today })
  expect({ added, vanished }).toEqual({ added: [], vanished: [] })
})

test('without a list, nothing is merged', () => {
  expect(() => merge({ source: 'export const NAMES = []\n', known: [], listed: [], today })).toThrow(
    /no list of MODELS/,
  )
})

test('text from an endpoint stays text, and a long entry has one line for each field', () => {
  expect(entryOf({ id: `a'b"c\\`, name: `'],process.exit()` })).toEqual([
    String.raw`  { id: 'a\'b"c\\', name: '\'],process.exit()' },`,
  ])
  const price = { input: 0.075, output: 3 }
  const long = { id: 'x'.repeat(90), inputs: ['text' as const], tools: true, price }
  expect(entryOf(long)).toEqual([
    '  {',
    `    id: '${long.id}',`,
    `    inputs: ['text'],`,
    '    tools: true,',
    '    price: { input: 0.075, output: 3 },',
    '  },',
  ])
})

test.each(PLACES)('the catalog of $id can be merged into', async ({ file }) => {
  const text = await readFile(join(ROOT, file), 'utf8')
  const { source: merged, added } = merge({ source: text, known: [], listed: [{ id: 'new-1' }], today })
  expect(added).toEqual(['new-1'])
  expect(merged).toContain(`  { id: 'new-1' },\n] as const satisfies readonly `)
  expect(merged).toContain(today)
})

test.each([
  [
    'openai',
    ['gpt-7-sol', 'gpt-6-sol', 'o5'],
    ['gpt-4o', 'gpt-realtime-2', 'gpt-image-2', 'whisper-1', 'sora-3', 'gpt-6-audio'],
  ],
  ['google', ['gemini-5-xenon'], ['gemini-embedding-001', 'gemini-4-tts', 'imagen-5', 'gemini-4-live-preview']],
  ['mistral', ['mistral-large-5', 'codestral-latest'], ['mistral-embed', 'mistral-ocr-latest', 'voxtral-mini']],
  ['xai', ['grok-5'], ['grok-imagine-image']],
  ['groq', ['openai/gpt-oss-20b'], ['whisper-large-v3', 'meta-llama/llama-guard-4-12b']],
])('of the models that %s lists, only chat models count', (id, chats, others) => {
  const notChat = PLACES.find((place) => place.id === id)?.notChat
  expect(chats.filter((name) => notChat?.test(name))).toEqual([])
  expect(others.filter((name) => notChat?.test(name) !== true)).toEqual([])
})

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** A copy of the catalogs, for a test to change. */
async function copied(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'rivulet-catalog-'))
  folders.push(root)
  for (const { file } of PLACES) await cp(join(ROOT, dirname(file)), join(root, dirname(file)), { recursive: true })
  return root
}

test('the command changes the catalogs of --root, and prints the changes', async () => {
  const root = await copied()
  const list = [
    { id: 'openai/gpt-oss-20b', context_window: 131_072, active: true },
    { id: 'acme/river-7b', context_window: 262_144, max_completion_tokens: 32_768, active: true },
    { id: 'acme/old', active: false },
    { id: 'whisper-large-v3', active: true },
  ]
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data: list }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const environment = { GROQ_API_KEY: 'a-key', GROQ_BASE_URL: `http://127.0.0.1:${port ?? 0}` }
  const { code, out, err } = await run('catalog.ts', ['--root', root], environment)
  server.close()
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /^packages\/provider-groq\/src\/models\.ts\n {2}1 new\n {2}no longer listed, or renamed: openai\/gpt-oss-120b\n/,
  )
  const entry = `  { id: 'acme/river-7b', contextTokens: 262_144, outputTokens: 32_768 },`
  expect(out).toContain(`+${entry}\n`)
  const file = join(root, 'packages/provider-groq/src/models.ts')
  const text = await readFile(file, 'utf8')
  expect(text).toContain(`${entry}\n] as const satisfies readonly Model[]\n`)
  // It is still a catalog: the old entries, then the new one.
  const { MODELS } = (await import(file)) as { MODELS: { id: string }[] }
  expect(MODELS.map(({ id }) => id).slice(-2)).toEqual(['qwen/qwen3.8-27b', 'acme/river-7b'])
})

test('a rehearsal changes nothing', async () => {
  const { code, out } = await run('catalog.ts', ['--simulator'])
  expect(code).toBe(0)
  expect(out).toContain('packages/provider-anthropic/src/models.ts\n  0 new\n')
  expect(out).toMatch(/Nothing was changed\.\n$/)
})

test('without a key no endpoint is called', async () => {
  expect(await run('catalog.ts', [])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^No key is set/) as unknown,
  })
})
