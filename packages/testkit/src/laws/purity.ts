import assert from 'node:assert/strict'
import type { ChatRequest } from '@rivulet/core'
import { ask, askAndRead, providerAt } from '../ask.ts'
import { latin1 } from '../bytes.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { eventsOf, readAll, turns, within } from '../reading.ts'

/** Turns of the event loop in which an unwanted request would have been sent. */
const QUIET_TURNS = 50

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

/** An equal request with its fields in another order. */
function reordered(request: ChatRequest): ChatRequest {
  const reversed = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T
  return reversed({ ...request, messages: request.messages.map((message) => reversed(message)) })
}

/** The bytes that one provider sends for these requests. */
async function bytesSent(context: LawContext, requests: readonly ChatRequest[]): Promise<string[]> {
  const play = context.server.play(answering(context.subject.answers.text))
  const provider = providerAt(context, play.baseUrl)
  for (const request of requests) {
    eventsOf(await within(context.patienceMs, 'asking', readAll(provider.stream(request))), 'asking')
  }
  return play.exchanges.map(({ request }) => latin1(request.bytes))
}

export const purity: readonly Law[] = [
  {
    name: 'a request is never mutated: a frozen one is answered too',
    rows: [],
    anyTransport: true,
    async run(context) {
      const { request, answers } = context.subject
      const thawed = structuredClone(request)
      const read = await askAndRead(context, 'a request', answering(answers.text), { request: thawed })
      eventsOf(read, 'a request')
      assert.deepEqual(thawed, request, 'the request after the call')
      const frozen = deepFreeze(structuredClone(request))
      eventsOf(await askAndRead(context, 'a frozen request', answering(answers.text), { request: frozen }), 'frozen')
      return 'unchanged'
    },
  },
  {
    name: 'equal requests are equal bytes',
    rows: [],
    async run(context) {
      const { request } = context.subject
      const [first, ...others] = await bytesSent(context, [request, structuredClone(request), reordered(request)])
      for (const other of others) assert.equal(other, first)
      return `${others.length + 1} requests of ${first?.length ?? 0} bytes`
    },
  },
  {
    name: 'nothing is sent before the first read',
    rows: [],
    anyTransport: true,
    async run(context) {
      const { play, stream } = ask(context, answering(context.subject.answers.text))
      const events = stream[Symbol.asyncIterator]()
      await turns(QUIET_TURNS)
      assert.equal(context.server.connections.length, 0, 'connections before the first read')
      await events.return?.()
      assert.equal((await events.next()).done, true, 'a read after return()')
      await turns(QUIET_TURNS)
      assert.equal(play.exchanges.length, 0, 'requests for a stream that was never read')
      return 'nothing sent'
    },
  },
  {
    name: 'one call is one request',
    rows: [],
    async run(context) {
      const { text } = context.subject.answers
      const read = await askAndRead(context, 'asking', answering(text))
      eventsOf(read, 'asking')
      await turns(QUIET_TURNS)
      assert.equal(read.play.exchanges.length, 1)
      return '1 request'
    },
  },
]
