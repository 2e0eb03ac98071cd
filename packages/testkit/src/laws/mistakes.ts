import assert from 'node:assert/strict'
import type { CallOptions, ChatRequest, ProviderOptions } from '@rivulet/core'
import { providerAt } from '../ask.ts'
import { answering } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { turns } from '../reading.ts'

/** Fields of which most providers lack some. */
const FIELDS: ChatRequest = {
  model: '',
  messages: [],
  seed: 1,
  topP: 0.5,
  stop: ['x'],
  maxTokens: 10,
  frequencyPenalty: 0.5,
  reasoning: 'low',
  responseFormat: 'json',
}

// Each of these is a mistake that only callers without types can make.
const OPTIONS: Readonly<Record<string, unknown>> = {
  'an unknown option': { baseURL: 'http://127.0.0.1:1' },
  'a header name with a space': { headers: { 'x y': '1' } },
  'a header value with a line break': { headers: { 'x-a': '1\r\nx-b: 2' } },
  'a header of the connection': { headers: { host: 'elsewhere' } },
  'a header that is not a string': { headers: { 'x-a': 1 } },
  'a base URL without a scheme': { baseUrl: 'example.com' },
}

const CALLS: Readonly<Record<string, unknown>> = {
  'an unknown call option': { sginal: new AbortController().signal },
  'a signal that is not an AbortSignal': { signal: {} },
  'a header value with a line break, in a call': { headers: { 'x-a': '1\n2' } },
  'a header of the connection, in a call': { headers: { 'Content-Length': '1' } },
}

const requestsOf = ({ model, messages }: ChatRequest): Readonly<Record<string, unknown>> => ({
  'no request': undefined,
  'no model': { messages },
  'no messages': { model },
  'an empty list of messages': { model, messages: [] },
  'a message without a role': { model, messages: [{ content: 'x' }] },
  'an unknown field': { model, messages, temprature: 1 },
  'a field of a wrong type': { model, messages, stream: 'yes' },
})

/** Expects a `TypeError` with a message, thrown now and not later. */
function refused(what: string, act: () => unknown, words?: RegExp): void {
  assert.throws(
    act,
    (error) => error instanceof TypeError && error.message !== '' && (words?.test(error.message) ?? true),
    `${what}: expected a TypeError at once${words === undefined ? '' : ` that says ${String(words)}`}`,
  )
}

async function nothingSent(context: LawContext): Promise<void> {
  await turns(20)
  assert.equal(context.server.connections.length, 0, 'connections that were opened nevertheless')
}

export const mistakes: readonly Law[] = [
  {
    name: "the caller's mistake in an option or a header is a TypeError at once, and nothing is sent",
    rows: [],
    anyTransport: true,
    async run(context) {
      const { subject, server } = context
      const { baseUrl } = server.play(answering(subject.answers.text))
      for (const [what, options] of Object.entries(OPTIONS)) {
        refused(what, () => providerAt(context, baseUrl, options as ProviderOptions))
      }
      const provider = providerAt(context, baseUrl)
      for (const [what, call] of Object.entries(CALLS)) {
        refused(what, () => provider.stream(subject.request, call as CallOptions))
      }
      await nothingSent(context)
      return `${Object.keys(OPTIONS).length + Object.keys(CALLS).length} mistakes refused`
    },
  },
  {
    name: "the caller's mistake in a request is a TypeError at once, and nothing is sent",
    rows: [],
    anyTransport: true,
    async run(context) {
      const { subject, server } = context
      const provider = providerAt(context, server.play(answering(subject.answers.text)).baseUrl)
      const requests = requestsOf(subject.request)
      for (const [what, request] of Object.entries(requests)) {
        refused(what, () => provider.stream(request as ChatRequest))
      }
      const honoured = new Set<string>(provider.info.settings.map(({ name }) => name))
      const unsupported = Object.entries<unknown>({ ...FIELDS }).filter(([name]) => !honoured.has(name))
      for (const [name, value] of unsupported) {
        const act = (): unknown => provider.stream({ ...subject.request, [name]: value })
        refused(`${name}, which it does not honour`, act, new RegExp(name))
      }
      await nothingSent(context)
      return `${Object.keys(requests).length + unsupported.length} mistakes refused`
    },
  },
]
