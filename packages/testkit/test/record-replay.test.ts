import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import {
  type ChatError,
  type ChatEvent,
  type ChatRequest,
  collect,
  pipe,
  type ProviderOptions,
  recordExchanges,
  type RecordedExchange,
} from '@rivulet/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answering, byteServer, type ByteServer, ManualClock, replay, type Script, writing } from '../src/index.ts'
import { headOf, LAST_CHUNK, pieceOf } from '../src/index.ts'
import { mini, SECRET, subjectOf } from './support/mini.ts'

const { request, answers } = subjectOf(mini)
const { text } = answers

let server: ByteServer
beforeAll(async () => {
  server = await byteServer()
})
afterAll(() => server.close())

interface Recording {
  exchange: RecordedExchange
  outcome: unknown
  options: ProviderOptions
}

async function eventsOf(options: ProviderOptions, asked: ChatRequest = request): Promise<unknown> {
  const events: ChatEvent[] = []
  try {
    for await (const event of mini(options).stream(asked)) events.push(event)
  } catch (error) {
    const { code, message } = error as ChatError
    return { events, code, message }
  }
  return { events }
}

async function recorded(script: Script): Promise<Recording> {
  const exchanges: RecordedExchange[] = []
  const options = { baseUrl: server.play(script).baseUrl }
  const recording = pipe(mini(options), recordExchanges({ to: (exchange) => exchanges.push(exchange) }))
  await collect(recording.stream(request)).catch(() => undefined)
  const [exchange] = exchanges
  if (exchange === undefined) throw new Error('nothing was recorded')
  return { exchange, outcome: await eventsOf(options), options }
}

const replayed = ({ exchange, options }: Recording): Promise<unknown> =>
  eventsOf({ ...options, transport: replay({ from: exchange }) })

const half = text.body.subarray(0, 30)
const scripts: Readonly<Record<string, Script>> = {
  'a whole answer': answering(text),
  'an answer cut inside a character': answering(text, 'chunked', [text.body.subarray(0, 19), text.body.subarray(19)]),
  'a refusal': answering({ contentType: 'application/json', body: Buffer.from('{"error":"no"}'), status: 429 }),
  'an answer that broke': writing([headOf(text, 'chunked'), pieceOf(half, 'chunked')], 'reset'),
  'an answer that ends too early': writing([headOf(text, 'chunked'), pieceOf(half, 'chunked'), LAST_CHUNK]),
  'no answer': (exchange) => exchange.reset(),
}

test.each(Object.entries(scripts))('a recording plays what was recorded: %s', async (_name, script) => {
  const recording = await recorded(script)
  expect(await replayed(recording)).toEqual(recording.outcome)
  // Through JSON, as in a file.
  const exchange = JSON.parse(JSON.stringify(recording.exchange)) as RecordedExchange
  expect(await replayed({ ...recording, exchange })).toEqual(recording.outcome)
})

test('a recording is a file without a key, and another key matches it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'))
  try {
    const file = join(folder, 'hello.json')
    const options = { baseUrl: server.play(answering(text)).baseUrl }
    await collect(pipe(mini(options), recordExchanges({ to: file })).stream(request))
    expect(readFileSync(file, 'utf8')).not.toContain(SECRET)
    expect(readFileSync(file, 'utf8')).toContain('"Bearer ***"')
    expect(await eventsOf({ ...options, transport: replay({ from: file }) })).toEqual(await eventsOf(options))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a request that differs from the recorded one is refused with the difference', async () => {
  const { exchange, options } = await recorded(answering(text))
  const transport = replay({ from: exchange })
  const others: [string, Promise<unknown>][] = [
    ['+   model: "mini-2"', collect(mini({ ...options, transport }).stream({ ...request, model: 'mini-2' }))],
    ['x-trace', collect(mini({ ...options, transport, headers: { 'x-trace': '1' } }).stream(request))],
    ['elsewhere', collect(mini({ baseUrl: 'http://elsewhere.example', transport }).stream(request))],
  ]
  for (const [words, asked] of others) {
    const error: unknown = await asked.catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('the request is not the recorded one')
    expect(String(error).replaceAll("'", '"')).toContain(words.replace('+   ', ''))
    expect(inspect(error, { depth: 10 })).not.toContain(SECRET)
  }
})

test('a recording that its reader left ends there', async () => {
  const { exchange, options } = await recorded(answering(text))
  const left: RecordedExchange = {
    ...exchange,
    end: 'cancelled',
    chunks: [{ atMs: 0, text: 'data: {"text":"Hi"}\n\n' }],
  }
  const outcome = await replayed({ exchange: left, options, outcome: undefined })
  expect(outcome).toMatchObject({ code: 'truncated', message: expect.stringContaining('its reader left') as string })
})

test('with timing, each piece comes at its recorded time', async () => {
  const clock = new ManualClock()
  const { exchange, options } = await recorded(answering(text))
  const chunks = [
    { atMs: 100, text: 'data: {"text":"a"}\n\n' },
    { atMs: 5_000, text: 'data: {"text":"b"}\n\ndata: {"finish":"stop"}\n\ndata: [DONE]\n\n' },
  ]
  const transport = replay({ from: { ...exchange, chunks }, timing: true, clock })
  const seen: string[] = []
  const reading = (async () => {
    for await (const event of mini({ ...options, transport }).stream(request)) seen.push(event.type)
  })()
  await clock.advance(99)
  expect(seen).toEqual([])
  await clock.advance(1)
  expect(seen).toEqual(['start', 'text'])
  await clock.advance(4_899)
  expect(seen).toEqual(['start', 'text'])
  await clock.advance(1)
  await reading
  expect(seen).toEqual(['start', 'text', 'text', 'finish'])
})

test('an abort ends a wait', async () => {
  const clock = new ManualClock()
  const { exchange, options } = await recorded(answering(text))
  const caller = new AbortController()
  const transport = replay({ from: { ...exchange, chunks: [{ atMs: 60_000, text: 'x' }] }, timing: true, clock })
  const read = mini({ ...options, transport })
    .stream(request, { signal: caller.signal })
    [Symbol.asyncIterator]()
    .next()
  await clock.advance(1_000)
  caller.abort('enough')
  await expect(read).rejects.toBe('enough')
  expect(clock.pending).toBe(0)
})

test('anything but a recording is refused at once', () => {
  for (const from of ['/nowhere/to/be/found.json', {}, { request: {} }]) {
    expect(() => replay({ from: from as never })).toThrow(TypeError)
  }
})
