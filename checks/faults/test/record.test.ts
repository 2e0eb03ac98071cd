import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as open, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ChatRequest, collect, pipe, recordExchanges, type RecordedExchange } from '@rivulet/core'
import { simulator, type Simulator } from '@rivulet/simulator'
import { replay } from '@rivulet/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { joined } from '../../../scripts/joined.ts'
import { read, replayDiff } from '../src/record/outcome.ts'
import { shapeDiff } from '../src/record/shape.ts'
import { subjectOf } from '../src/subjects.ts'

const run = promisify(execFile)
const file = await joined(join(import.meta.dirname, '../src/record.ts'))
const record = (...args: string[]) => recordIn({}, ...args)
const recordIn = async (
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> =>
  run(process.execPath, [file, ...args], {
    env: { ...process.env, ...environment },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    // What a process that fails is rejected with.
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  )

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('pnpm record', () => {
  test.each(['lockchat', 'liaobots', 'gravityengine', 'openai-responses', 'google'])(
    'makes a fixture that replays the same answer: %s',
    async (id) => {
      const out = join(folder, `${id}.json`)
      const { code, stderr } = await record(id, 'hello', '--out', out)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const { provider, request, secrets = [] } = await subjectOf(id)
      const asked: ChatRequest = { model: request.model, messages: [{ role: 'user', content: 'count to 5' }] }
      const { text } = await collect(provider({ transport: replay({ from: out }) }).stream(asked))
      expect(text).toBe('1, 2, 3, 4, 5.')
      const written = readFileSync(out, 'utf8')
      expect(written).not.toContain('127.0.0.1')
      for (const secret of secrets) expect(written).not.toContain(secret)
    },
  )

  test('records a broken answer, and does not overwrite a file', async () => {
    const out = join(folder, 'broken.json')
    expect(await record('lockchat', 'broken', '--fault', 'reset-mid-stream', '--out', out)).toMatchObject({ code: 0 })
    const { provider, request } = await subjectOf('lockchat')
    const asked = collect(provider({ transport: replay({ from: out }) }).stream(request))
    await expect(asked).rejects.toMatchObject({ code: 'truncated' })
    const { code, stderr } = await record('lockchat', 'broken', '--out', out)
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') as string })
  })

  test('prints its usage', async () => {
    expect(await record('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('pnpm record') as string })
    expect(await record('lockchat')).toMatchObject({ code: 2 })
    expect(await record('lockchat', 'x', '--nonsense')).toMatchObject({ code: 2 })
    expect(await record('acme', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('lockchat') as string })
    expect(await record('groq', 'x')).toMatchObject({ code: 1, stderr: expect.stringContaining('--live') as string })
  })
})

describe('a recording at a relay', () => {
  let sim: Simulator
  let relay: Server
  let url: string
  beforeAll(async () => {
    sim = await simulator()
    relay = createServer((request, response) => {
      const { method, headers } = request
      request.pipe(
        open(`${sim.url}${request.url ?? ''}`, { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers)
          answer.pipe(response)
        }),
      )
    }).listen(0, '127.0.0.1')
    await once(relay, 'listening')
    // A server on a TCP port has an address object.
    url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    relay.close()
    relay.closeAllConnections()
    await sim.close()
  })

  const key = 'sk-live-0123456789'
  const environmentOf = (name: string, variable: string, path: string) => ({
    [variable]: key,
    [`${name.toUpperCase()}_BASE_URL`]: `${url}${path}`,
  })

  test.each([
    ['groq', 'GROQ_API_KEY', '/openai/v1/'],
    ['lockchat', 'LOCKCHAT_AUTH', '/lockchat'],
    // Each of its requests has an id of its own.
    ['liaobots', 'LIAOBOTS_AUTH', '/liaobots'],
  ])('plays back at the own address of %s, and tells neither the key nor the relay', async (id, variable, path) => {
    const out = join(folder, `relay-${id}.json`)
    const environment = environmentOf(id, variable, path)
    const { code, stderr } = await recordIn(environment, id, 'hello', '--live', '--out', out)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { provider, request } = await subjectOf(id)
    const asked: ChatRequest = { model: request.model, messages: [{ role: 'user', content: 'count to 5' }] }
    const { text } = await collect(provider({ transport: replay({ from: out }) }).stream(asked))
    expect(text).toBe('1, 2, 3, 4, 5.')
    const written = readFileSync(out, 'utf8')
    expect(written).not.toContain(new URL(url).host)
    expect(written).not.toContain(key)
  })

  test('may be the body alone, and shows in which fields it differs from the fixture of its case', async () => {
    const out = join(folder, 'body.sse')
    const environment = environmentOf('groq', 'GROQ_API_KEY', '/openai/v1')
    const { code } = await recordIn(environment, 'groq', 'hello', '--live', '--body', '--out', out)
    expect(code).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^data: \{"id":[^]*\ndata: \[DONE\]\n\n$/)
    // The fixture that is there stays, and is compared all the same.
    const { code: refused, stdout, stderr } = await recordIn(environment, 'groq', 'text', '--live', '--body')
    expect({ refused, stderr }).toEqual({ refused: 1, stderr: expect.stringContaining('--force') as string })
    expect(stdout).toContain('It differs from text.sse in form')
    expect(stdout).toContain('  + choices[].delta.refusal: null\n')
    expect(stdout).toContain('  - x_groq.usage.queue_time: number\n')
  })
})

describe('a recording that does not play back', () => {
  const asked = async (): Promise<{ exchange: RecordedExchange; request: ChatRequest }> => {
    const { provider, request, answers } = await subjectOf('groq')
    const exchanges: RecordedExchange[] = []
    const { text } = answers
    const transport = replay({ status: 200, headers: { 'content-type': text.contentType }, chunks: [text.body] })
    await read(pipe(provider({ transport }), recordExchanges({ to: (one) => exchanges.push(one) })), request)
    const [exchange] = exchanges
    if (exchange === undefined) throw new Error('Nothing was recorded.')
    return { exchange, request }
  }

  test('is shown with the events that differ', async () => {
    const { exchange, request } = await asked()
    const outcome = await read((await subjectOf('groq')).provider({ transport: replay({ from: exchange }) }), request)
    expect(await replayDiff('groq', request, exchange, outcome)).toBeUndefined()
    const events = outcome.events.map((event) => (event.type === 'text' ? { ...event, text: 'other' } : event))
    expect(await replayDiff('groq', request, exchange, { events })).toMatch(/^\+ .*Flüsse[^]*^- .*other/m)
  })

  test('is shown with the request that differs', async () => {
    const { exchange, request } = await asked()
    const outcome = await read((await subjectOf('groq')).provider({ transport: replay({ from: exchange }) }), request)
    const other = { ...exchange, request: { ...exchange.request, url: 'https://relay.example/chat' } }
    expect(await replayDiff('groq', request, other, outcome)).toMatch(/not the recorded one[^]*relay\.example/)
  })
})

test.each<[what: string, fixture: string, recording: string, lines: string[]]>([
  ['texts, ids and numbers are not compared', 'data: {"id":"a","n":1}\n\n', 'data: {"id":"b","n":2}\n\n', []],
  ['a type is', 'data: {"n":1}\n\n', 'data: {"n":"1"}\n\n', ['+ n: string', '- n: number']],
  ['words of the dialect are', '{"type":"text"}', '{"type":"thinking"}', ['+ type: "thinking"', '- type: "text"']],
  ['an end mark is', 'data: {}\n\ndata: [DONE]\n\n', 'data: {}\n\n', ['- data: [DONE]']],
  ['an event is', 'event: ping\ndata: {}\n\n', ': ping\n\ndata: {}\n\n', ['+ a comment', '- event: ping']],
  ['line ends are', '{"a":1}\n{"a":2}\n', '{"a":1}\r\n{"a":2}\r\n', ['+ lines that end in \\r\\n']],
  ['plain text has one form', 'some words\nin lines', 'others', []],
  ['JSON in place of plain text is another', 'some words', '{"error":"no"}', ['+ error: string', '- plain text']],
])('of two bodies, %s', (_, fixture, recording, lines) => {
  expect(shapeDiff(fixture, recording).sort()).toEqual(lines.sort())
})
