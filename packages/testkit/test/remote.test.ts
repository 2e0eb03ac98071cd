import { ChatError, type ChatEvent, remote, toResponse } from '@rivulet/core'
import { chatStream } from '@rivulet/core/provider'
import { describe, it } from 'vitest'
import { type AnswerFixture, testProvider } from '../src/index.ts'

const start: ChatEvent = { type: 'start', provider: 'acme', model: 'm1' }
const usage = { inputTokens: 3, outputTokens: 2, source: 'reported' } as const
const finish = { type: 'finish', reason: 'stop', usage } as const
const text = (words: string): ChatEvent => ({ type: 'text', text: words })

/** What a server of ours sends for these events. */
async function sent(events: readonly ChatEvent[], failure?: Error): Promise<{ contentType: string; body: Uint8Array }> {
  const rest = [...events]
  const stream = chatStream(undefined, () => ({
    next: async () => {
      const event = rest.shift()
      if (event !== undefined) return { done: false, value: [event] }
      if (failure !== undefined) throw failure
      return { done: true, value: undefined }
    },
    close: () => undefined,
  }))
  const response = await toResponse(stream)
  return { contentType: 'text/event-stream', body: Buffer.from(await response.arrayBuffer()) }
}

const answer = async (meaning: Omit<AnswerFixture, 'contentType' | 'body' | 'endMark'>, ...events: ChatEvent[]) => ({
  ...(await sent([start, ...events, { ...finish, reason: meaning.toolCalls === undefined ? 'stop' : 'tool-calls' }])),
  usage,
  endMark: '"finish"',
  startMark: '"start"',
  ...meaning,
})

const busy = new ChatError('overloaded', 'acme: busy', { provider: 'acme' })
const calls: ChatEvent[] = [
  { type: 'tool-call', id: 'c1', name: 'weather' },
  { type: 'tool-input', id: 'c1', text: '{"city":' },
  { type: 'tool-input', id: 'c1', text: '"Åre"}' },
  { type: 'tool-call', id: 'c2', name: 'now' },
]
const rivers = [text('Flüsse "fließen"'), text(' \\ 🌊\n→ Meer')]
const events = await answer({ text: 'Flüsse "fließen" \\ 🌊\n→ Meer' }, ...rivers)

testProvider({
  runner: { describe, it },
  name: 'Remote',
  provider: ({ baseUrl = 'https://acme.example', unsupported: _, ...options }) =>
    remote(new URL(`${baseUrl}/api/chat`).href, options),
  request: { model: 'm1', messages: [{ role: 'user', content: 'Rivers?' }] },
  skip: [
    {
      law: 'a data line that is not JSON is skipped and counted; as the first, it is an error',
      reason: 'a server of ours sends none: a part of the answer may be lost',
    },
  ],
  answers: {
    text: events,
    reasoning: await answer({ text: 'Yes.', reasoning: 'Hm…' }, { type: 'reasoning', text: 'Hm…' }, text('Yes.')),
    toolCall: await answer(
      {
        toolCalls: [
          { type: 'tool-call', id: 'c1', name: 'weather', input: '{"city":"Åre"}' },
          { type: 'tool-call', id: 'c2', name: 'now', input: '{}' },
        ],
      },
      ...calls,
    ),
    empty: await answer({}),
    errorFirst: {
      contentType: 'text/event-stream',
      body: Buffer.from('event: error\ndata: {"code":"overloaded","message":"acme: busy"}\n\n'),
      code: 'overloaded',
    },
    errorMidStream: { ...(await sent([start, text('Flüsse')], busy)), code: 'overloaded' },
  },
})
