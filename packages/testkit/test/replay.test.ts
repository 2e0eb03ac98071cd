import { inspect } from 'node:util'
import { ChatError, collect } from '@rivulet/core'
import { expect, test } from 'vitest'
import { replay, type WrittenExchange } from '../src/index.ts'
import { mini, SECRET } from './support/mini.ts'

const request = { model: 'mini-1', messages: [{ role: 'user' as const, content: 'Hello' }] }
const recorded: WrittenExchange = {
  request: {
    method: 'POST',
    url: 'http://mini.example/chat',
    headers: { 'content-type': 'application/json' },
    body: { messages: [{ content: 'Hello', role: 'user' }], model: 'mini-1' },
  },
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  chunks: [
    'data: {"text":"Hel"}\n\ndata: {"te',
    Buffer.from('xt":"lo"}\n\ndata: {"finish":"stop"}\n\ndata: [DONE]\n\n'),
  ],
}
const asking = (exchange: WrittenExchange) => mini({ transport: replay(exchange) })

test('plays the recorded answer for every request', async () => {
  const provider = asking(recorded)
  for (let time = 0; time < 2; time++) expect((await collect(provider.stream(request))).text).toBe('Hello')
})

test('without a recorded request, any request will do', async () => {
  const { request: _request, ...answer } = recorded
  expect((await collect(asking(answer).stream({ ...request, model: 'other' }))).text).toBe('Hello')
})

test('a body may be recorded as text', async () => {
  const body = '{"model":"mini-1","messages":[{"role":"user","content":"Hello"}]}'
  expect((await collect(asking({ ...recorded, request: { body } }).stream(request))).text).toBe('Hello')
})

test('refuses another request and shows the difference, without the key', async () => {
  const other = { ...request, messages: [{ role: 'user' as const, content: 'Good evening' }] }
  const error: unknown = await collect(asking(recorded).stream(other)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ChatError)
  expect(String(error)).toContain('the request is not the recorded one')
  expect(String(error)).toMatch(/\+\s+content: 'Good evening'/)
  expect(String(error)).toMatch(/-\s+content: 'Hello'/)
  expect(String(error)).not.toContain(SECRET)
})

test('shows no key of another request, wherever it is', async () => {
  const [broken] = [
    {
      ...recorded,
      request: { url: 'http://elsewhere.example/chat?auth=***', headers: { authorization: 'Basic ***' } },
    },
  ]
  const error: unknown = await collect(asking(broken).stream(request)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ChatError)
  expect(inspect(error, { depth: 10 })).not.toContain(SECRET)
})

test('an abort ends a replay', async () => {
  const caller = new AbortController()
  const events = asking(recorded).stream(request, { signal: caller.signal })[Symbol.asyncIterator]()
  await events.next()
  const reason = new Error('enough')
  caller.abort(reason)
  await expect(events.next()).rejects.toBe(reason)
})
