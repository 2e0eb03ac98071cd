import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { queryKey } from '../../src/http/authorization.ts'
import { collect } from '../../src/reading/collect.ts'
import { recordExchanges, type RecordExchangesOptions } from '../../src/layers/record-exchanges.ts'
import { pipe } from '../../src/provider.ts'
import type { RecordedExchange } from '../../src/http/exchange-recorder.ts'
import { END, text } from '../support/plain.ts'
import { acme, hello, rejection, transports } from '../support/providers.ts'
import { serve } from '../support/servers.ts'

const SECRET = 's3cret/🌊 key'

describe.each(transports)('over %s', (_name, open) => {
  const recorded = (url: string) => {
    const exchanges: RecordedExchange[] = []
    const provider = acme(url, { transport: open() }, { authorize: queryKey('auth', SECRET) })
    return { exchanges, provider: pipe(provider, recordExchanges({ to: (exchange) => exchanges.push(exchange) })) }
  }

  test('an exchange is recorded as it went over the wire', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'x-own': 'yes' })
      response.end(text('Hel') + text('lo') + END)
    })
    const { exchanges, provider } = recorded(server.url)
    await expect(collect(provider.stream(hello))).resolves.toMatchObject({ text: 'Hello' })
    expect(exchanges).toMatchObject([
      { request: { method: 'POST', body: JSON.parse(server.requests[0]?.body ?? '') as unknown }, end: 'end' },
    ])
    expect(exchanges[0]?.response).toMatchObject({ status: 200, headers: { 'x-own': 'yes' } })
    expect(exchanges[0]?.chunks.map((chunk) => chunk.text).join('')).toBe(text('Hel') + text('lo') + END)
  })

  test('without its secret: in the request, in the response, and split between two chunks', async () => {
    const server = await serve((response) => {
      const body = Buffer.from(text(`you sent ${SECRET}.`) + END)
      // Cut inside the emoji, which is inside the key.
      const cut = body.indexOf(Buffer.from('🌊')) + 2
      response.writeHead(200, { 'x-echo': encodeURIComponent(SECRET) })
      response.write(body.subarray(0, cut), () => setImmediate(() => response.end(body.subarray(cut))))
    })
    const { exchanges, provider } = recorded(server.url)
    await expect(collect(provider.stream(hello))).resolves.toMatchObject({ text: `you sent ${SECRET}.` })
    const json = JSON.stringify(exchanges)
    expect(json).not.toContain('s3cret')
    expect(json).toContain('***')
    expect(exchanges[0]?.request.url).toMatch(/\?auth=\*\*\*$/)
  })

  test('a broken answer is recorded as broken, a closed one as cancelled', async () => {
    const server = await serve((response) => {
      response.write(text('Hel'), () => setImmediate(() => response.destroy()))
    })
    const { exchanges, provider } = recorded(server.url)
    await rejection(collect(provider.stream(hello)))
    for await (const event of provider.stream(hello)) if (event.type === 'text') break
    await vi.waitFor(() => {
      expect(exchanges).toHaveLength(2)
    })
    expect(exchanges.map(({ end }) => end)).toEqual(['broken', 'cancelled'])
    expect(exchanges[0]?.error).toMatch(/./)
  })
})

test('bytes that are not text are recorded as base64', async () => {
  const exchanges: RecordedExchange[] = []
  const server = await serve((response) => response.writeHead(500).end(Buffer.from([0xff, 0xfe])))
  const provider = pipe(acme(server.url), recordExchanges({ to: (exchange) => exchanges.push(exchange) }))
  await rejection(collect(provider.stream(hello)))
  expect(exchanges[0]?.chunks).toMatchObject([{ base64: '//4=' }])
})

test('a file holds the last exchange when the stream has been read to its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-record-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const server = await serve((response) => response.end(text('Hello') + END))
  const file = join(folder, 'hello.json')
  await collect(pipe(acme(server.url), recordExchanges({ to: file })).stream(hello))
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ response: { status: 200 }, end: 'end' })
})

test('of two secrets of which one contains the other, neither is left in part', async () => {
  const short = 'key-4711'
  const long = `${short}-and-more`
  const server = await serve((response) => response.end(text(`you sent ${long}`) + END))
  const exchanges: RecordedExchange[] = []
  const provider = pipe(acme(server.url), recordExchanges({ to: (exchange) => exchanges.push(exchange) }))
  await collect(provider.stream(hello, { headers: { 'x-api-key': short, 'x-user-token': long } }))
  expect(JSON.stringify(exchanges)).not.toMatch(/4711|and-more/)
  expect(exchanges[0]?.request.headers).toMatchObject({ 'x-api-key': '***', 'x-user-token': '***' })
})

test('the beginning of a secret at the end of a cut body is not recorded', async () => {
  const server = await serve((response) => {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write(`${text('a')}key-47`, () => setImmediate(() => response.destroy()))
  })
  const exchanges: RecordedExchange[] = []
  const provider = pipe(acme(server.url), recordExchanges({ to: (exchange) => exchanges.push(exchange) }))
  await rejection(collect(provider.stream(hello, { headers: { 'x-api-key': 'key-4711' } })))
  expect(exchanges[0]?.chunks.map((chunk) => chunk.text).join('')).toBe(`${text('a')}******`)
})

describe('a recording that cannot be saved', () => {
  const failures: [string, RecordExchangesOptions['to']][] = [
    ['a folder that is missing', '/missing/folder/hello.json'],
    [
      'a function that throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['a function that rejects', () => Promise.reject(new Error('disk full'))],
  ]

  test.each(failures)('is the failure of a stream that is read to its end, however slowly: %s', async (_what, to) => {
    const server = await serve((response) => response.end(text('Hel') + text('lo') + END))
    const events: string[] = []
    const read = async (): Promise<void> => {
      for await (const { type } of pipe(acme(server.url), recordExchanges({ to })).stream(hello)) {
        events.push(type)
        // The exchange ends, and the recording fails, while this reader is not asking.
        await nextTurn()
      }
    }
    await expect(read()).rejects.toThrow(/ENOENT|disk full/)
    expect(events).toEqual(['start', 'text', 'text', 'finish'])
  })

  test.each(failures)(
    'does not replace the failure of the answer, and has no effect once its reader has left: %s',
    async (_what, to) => {
      const server = await serve((response, { url }) => {
        if (url === '/no/chat') response.writeHead(503).end()
        else response.write(text('Hel'))
      })
      const no = pipe(acme(`${server.url}/no`), recordExchanges({ to }))
      expect(await rejection(collect(no.stream(hello)))).toMatchObject({ code: 'overloaded' })
      for await (const event of pipe(acme(server.url), recordExchanges({ to })).stream(hello))
        if (event.type === 'text') break
      // The test fails on a rejection that nothing handles.
      await nextTurn()
    },
  )
})

test('a mistake is a TypeError at once', () => {
  expect(() => recordExchanges({ too: 'x' } as never)).toThrow(/Did you mean "to"\?/)
  expect(() => recordExchanges({} as never)).toThrow('recordExchanges: to must be the path of a file or a function.')
})
