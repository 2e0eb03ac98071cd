import type { ChatEvent } from '@rivulet/core'
import { type IncomingCall, readSeal, type ServerProtocol } from '@rivulet/core/provider'
import { messagesServer } from '@rivulet/protocol-anthropic'
import { geminiServer } from '@rivulet/protocol-google'
import { chatCompletionsServer, responsesServer } from '@rivulet/protocol-openai'
import { describe, expect, test } from 'vitest'

const sealing = { seal: true }
const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }
const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }]

/** A server of each dialect, and what a client asks it for a stream or for a document. */
const SERVERS: readonly [string, ServerProtocol, (stream: boolean) => IncomingCall][] = [
  ['Chat completions', chatCompletionsServer(sealing), (stream) => ({ path: '/', body: { ...hello, stream } })],
  ['Responses', responsesServer(sealing), (stream) => ({ path: '/', body: { model: 'm', input: 'Hello', stream } })],
  ['Messages', messagesServer(sealing), (stream) => ({ path: '/', body: { ...hello, max_tokens: 9, stream } })],
  [
    'Gemini',
    geminiServer(sealing),
    (stream) => ({
      path: `/v1beta/models/m:${stream ? 'streamGenerateContent' : 'generateContent'}`,
      query: stream ? { alt: 'sse' } : {},
      body: { contents },
    }),
  ],
]

const events: ChatEvent[] = [
  { type: 'start', provider: 'first', model: 'a' },
  { type: 'reasoning', text: 'hm', signature: 'of first' },
  { type: 'text', text: 'He' },
  { type: 'resume', from: 'first', reason: 'truncated', message: 'the answer broke off' },
  { type: 'start', provider: 'second', model: 'b' },
  { type: 'reasoning', text: 'so', signature: 'of second' },
  { type: 'text', text: 'llo' },
  { type: 'finish', reason: 'stop' },
]

describe.each(SERVERS)('%s', (_name, server, ask) => {
  test.each([
    ['stream', true],
    ['document', false],
  ])(
    'an answer that goes on at another endpoint, as a %s: each signature is sealed with its author',
    (_form, stream) => {
      const written = server.read(ask(stream)).answer({ id: '1', created: 1, model: 'm' }).write(events)
      const seals = new Set(written.match(/rvl1\.[\w-]+/g))
      const said = [...seals].map((seal) => readSeal(seal)).map((seal) => `${seal?.value} by ${seal?.provider}`)
      expect(said.map((words) => words.replace('signature:', '')).toSorted()).toEqual([
        'of first by first',
        'of second by second',
      ])
    },
  )
})
