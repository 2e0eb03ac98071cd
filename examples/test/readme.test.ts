import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { registerHooks } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Simulator, simulator } from '@rivulet/simulator'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'

const root = join(import.meta.dirname, '../..')
const SKY = /\bsky\b/
const DIALECTS = ['openai', 'anthropic', 'lockchat', 'liaobots', 'gravityengine'] as const

let sim: Simulator
let printed: string

// The samples call factories without a base URL, and nothing may leave this machine.
const hooks = registerHooks({
  resolve(specifier, context, next) {
    const isSample = context.parentURL?.includes('/examples/readme/') === true
    const asks = specifier === 'rivulet' || specifier.startsWith('@rivulet/provider-')
    return next(isSample && asks ? import.meta.resolve('./at-simulator.ts') : specifier, context)
  },
})
afterAll(() => {
  hooks.deregister()
})

beforeEach(async () => {
  sim = await simulator()
  vi.stubEnv('OPENAI_API_KEY', 'key')
  vi.stubEnv('ANTHROPIC_API_KEY', 'key')
  for (const dialect of DIALECTS) vi.stubEnv(`${dialect.toUpperCase()}_BASE_URL`, sim.baseUrl(dialect))
  printed = ''
  const print = (words: unknown): boolean => {
    printed += String(words)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(print)
  vi.spyOn(console, 'log').mockImplementation(print)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  await sim[Symbol.asyncDispose]()
})

test('the first answer survives a break', async () => {
  sim.fault('openai', { kind: 'truncate', times: 1 })
  await import('../readme/answer.ts')
  expect(printed).toMatch(SKY)
  expect(sim.requests.length).toBe(2)
})

test('a page draws the answer to its end, although the answer breaks on the way', async () => {
  const { POST } = await import('../readme/route.ts')
  const server = createServer((incoming, outgoing) => {
    const answer = async (): Promise<void> => {
      const request = new Request('http://page.test/api/chat', { method: 'POST', body: await text(incoming) })
      const { status, headers, body } = await POST(request)
      outgoing.writeHead(status, Object.fromEntries(headers))
      if (body !== null) Readable.fromWeb(body).pipe(outgoing)
    }
    answer().catch((error: unknown) => outgoing.destroy(error as Error))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    vi.stubGlobal('location', { href: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
    const { ask } = await import('../readme/page.ts')
    sim.fault('openai', { kind: 'truncate', afterEvents: 5, times: 1 })
    const drawn: string[] = []
    await ask('count to 9', (words) => drawn.push(words))
    expect(drawn.at(-1)).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9.')
    // The second attempt grew anew.
    expect(drawn.some((words, index) => words.length < (drawn[index - 1]?.length ?? 0))).toBe(true)
    expect(sim.requests.length).toBe(2)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('the second provider answers when the first is down', async () => {
  sim.fault('openai', { kind: 'status', status: 503 })
  await import('../readme/failover.ts')
  expect(printed).toMatch(/^anthropic: .*\bsky\b/s)
})

test('one provider alone', async () => {
  await import('../readme/one-provider.ts')
  expect(printed).toMatch(SKY)
})

test('of the original three, the second answers when the first is down', async () => {
  sim.fault('lockchat', { kind: 'status', status: 503 })
  await import('../readme/original-three.ts')
  expect(printed).toMatch(SKY)
  expect(sim.requests.map(({ dialect }) => dialect)).toContain('liaobots')
})

test('every sample of the README is a file that is run here', () => {
  const fences = readFileSync(join(root, 'README.md'), 'utf8').match(/^```ts.*$/gm) ?? []
  const files = globSync('examples/readme/*.ts', { cwd: root })
  expect(fences.map((fence) => fence.replace('```ts', '').trim()).sort()).toEqual(files.sort())
  const tests = readFileSync(import.meta.filename, 'utf8')
  for (const file of files) expect(tests).toContain(`import('../${file.replace('examples/', '')}')`)
})
