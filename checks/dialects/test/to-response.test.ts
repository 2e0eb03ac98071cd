import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import {
  chat,
  ChatError,
  type ChatEvent,
  type ChatRequest,
  collect,
  type Provider,
  runTools,
  type ToolRunEvent,
  toResponse,
} from '@rivulet/core'
import { chatStream, httpProvider, type Protocol, type ServerProtocol, settings } from '@rivulet/core/provider'
import { messages, messagesServer } from '@rivulet/protocol-anthropic'
import { gemini, geminiServer } from '@rivulet/protocol-google'
import { chatCompletions, chatCompletionsServer, responses, responsesServer } from '@rivulet/protocol-openai'
import { describe, expect, onTestFinished, test } from 'vitest'

const info = { name: 'Acme', url: 'http://acme.example', auth: 'none', streaming: true, models: [] } as const
const question: ChatRequest = { model: 'm1', messages: [{ role: 'user', content: 'Hello' }] }
const start: ChatEvent = { type: 'start', provider: 'up', model: 'm1-2026', id: 'a1' }
const text = (words: string): ChatEvent => ({ type: 'text', text: words })
const finish: ChatEvent = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 3, outputTokens: 2, source: 'reported' },
}

/** An answer of these events, in reads of one; it then ends or fails. */
const answering = (events: readonly ChatEvent[], failure?: Error): Provider => ({
  id: 'up',
  info: { ...info, settings: [] },
  stream: (_, call) =>
    chatStream(call?.signal, () => {
      const rest = [...events]
      return {
        next: async () => {
          const event = rest.shift()
          if (event !== undefined) return { done: false, value: [event] }
          if (failure !== undefined) throw failure
          return { done: true, value: undefined }
        },
        close: () => undefined,
      }
    }),
})

interface Replied {
  status: number
  headers: Headers
}

/** A server of a dialect over a stream, and a provider of that dialect that asks it. */
async function served(
  { client, server }: { client: Protocol; server: ServerProtocol },
  stream: (request: ChatRequest) => AsyncIterable<ToolRunEvent>,
) {
  const replies: Replied[] = []
  const reply = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? '/', 'http://acme.example')
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
    const query = Object.fromEntries(url.searchParams)
    const call = server.read({ path: url.pathname, query, headers, body: await textOf(incoming) })
    const response = await toResponse(stream(call.request), { as: call })
    replies.push({ status: response.status, headers: response.headers })
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    // What the platform calls a stream is one of Node's too.
    await pipeline(response.body ?? [], outgoing)
  }
  const listener = createServer((incoming, outgoing) => {
    reply(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error))
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(async () => {
    listener.closeAllConnections()
    await new Promise((resolve) => listener.close(resolve))
  })
  const provider = httpProvider({
    id: 'acme',
    info: { ...info, settings: settings({ stream: undefined, tools: undefined, reasoning: undefined }) },
    protocol: client,
    baseUrl: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
  })
  return { provider, replies }
}

const dialects = [
  { name: 'chat completions', client: chatCompletions({ includeUsage: true }), server: chatCompletionsServer() },
  { name: 'responses', client: responses(), server: responsesServer() },
  { name: 'messages', client: messages(), server: messagesServer() },
  { name: 'gemini', client: gemini(), server: geminiServer() },
]

describe.each(dialects)('toResponse() with a call of $name', (dialect) => {
  describe.each([true, false])('streamed: %s', (stream) => {
    const asked = { ...question, stream }

    test('is read by the client as the answer that was given', async () => {
      const call: ChatEvent = { type: 'tool-call', id: 'c1', name: 'weather' }
      const input: ChatEvent = { type: 'tool-input', id: 'c1', text: '{"city":"Ulm"}' }
      const events = [
        start,
        text('Let me '),
        text('look.'),
        call,
        input,
        { ...finish, reason: 'tool-calls' } as ChatEvent,
      ]
      const up = answering(events)
      const { provider, replies } = await served(dialect, (request) => up.stream(request))
      const expected = await collect(up.stream(question))
      expect(await collect(provider.stream(asked))).toMatchObject({
        model: expect.stringMatching(/^m1/) as string,
        id: 'a1',
        text: expected.text,
        toolCalls: expected.toolCalls,
        usage: expected.usage,
        reason: 'tool-calls',
      })
      expect(replies[0]?.headers.get('content-type')).toMatch(stream ? /event-stream|json/ : /json/)
      expect(replies[0]?.headers.get('cache-control')).toBe('no-store')
    })

    test('without an id of its own, an answer gets one', async () => {
      const { provider } = await served(dialect, () => answering([text('a'), finish]).stream(question))
      expect((await collect(provider.stream(asked))).id).toMatch(/\S{8,}/)
    })

    test('a failure before content has its status, and the wait in retry-after', async () => {
      const busy = new ChatError('rate-limited', 'up: busy', { retryAfterMs: 1_200 })
      const { provider, replies } = await served(dialect, () => answering([start], busy).stream(question))
      await expect(collect(provider.stream(asked))).rejects.toMatchObject({
        code: 'rate-limited',
        status: 429,
        message: expect.stringContaining('up: busy') as string,
      })
      expect([replies[0]?.status, replies[0]?.headers.get('retry-after')]).toEqual([429, '2'])
    })

    test('a failure after content is one to the client', async () => {
      const gone = new ChatError('overloaded', 'up: gone')
      const { provider, replies } = await served(dialect, () => answering([start, text('half')], gone).stream(question))
      await expect(collect(provider.stream(asked))).rejects.toMatchObject({
        code: 'overloaded',
        message: expect.stringContaining('up: gone') as string,
        ...(stream && { partial: { text: 'half' } }),
      })
      // Anthropic's own status of an overload is 529.
      expect(stream ? [200] : [503, 529]).toContain(replies[0]?.status)
    })

    test('a restart after content is a failure in a stream, and the second answer in a document', async () => {
      const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'truncated', message: 'a broke' }
      const up = answering([start, text('old'), restart, start, text('new'), finish])
      const { provider } = await served(dialect, (request) => up.stream(request))
      const read = collect(provider.stream(asked))
      if (stream) await expect(read).rejects.toMatchObject({ message: expect.stringContaining('a broke') as string })
      else expect((await read).text).toBe('new')
    })

    const tools = [{ name: 'now', run: () => '12:00' }]
    test.each<[what: string, run: (up: Provider, request: Omit<ChatRequest, 'tools'>) => AsyncIterable<ToolRunEvent>]>([
      ['runTools()', (up, request) => runTools(up, { request, tools })],
      ['run() of chat()', (up, request) => chat(up).run(request, { tools })],
    ])('a run of tools is its texts, because the client would run a call again: %s', async (_what, run) => {
      const up: Provider = {
        ...answering([]),
        stream: (request) =>
          answering(
            request.messages.length === 1
              ? [start, text('Let me look. '), { type: 'tool-call', id: 'c1', name: 'now' }, finish]
              : [start, text('It is noon.'), finish],
          ).stream(request),
      }
      const { provider } = await served(dialect, ({ tools: _, ...request }) => run(up, request))
      expect(await collect(provider.stream(asked))).toMatchObject({
        text: 'Let me look. It is noon.',
        toolCalls: [],
        reason: 'stop',
        usage: { inputTokens: 6, outputTokens: 4 },
      })
    })
  })
})
