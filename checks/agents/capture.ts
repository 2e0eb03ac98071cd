/** A server that keeps what a client asks, and answers with our server half: tool calls first, then a text. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collect, type ChatEvent, type ChatRequest } from '@rivulet/core'
import {
  type AnswerWriter,
  callsOf,
  type IncomingCall,
  type ServerCall,
  type ServerProtocol,
} from '@rivulet/core/provider'
import type { DialectSides } from '@rivulet/dialects/dialects'
import type { Simulator } from '@rivulet/simulator'
import { type Agent, inputOf } from './agents.ts'
import { cutInsideCall } from './cut.ts'
import { LOOP } from './tasks.ts'

export interface Captured {
  call: IncomingCall & { body: string }
  /** As our server half read it, or what it refused. */
  read: ServerCall | Error
}

export interface Capture extends AsyncDisposable {
  url: string
  requests: readonly Captured[]
  /** Other requests, as method and path: of models, of counts. */
  others: ReadonlySet<string>
}

/** After this many requests every answer is the last. */
const MOST = 30

/** The paths of requests for an answer, in each dialect. */
export const ANSWERS = /\/(chat\/completions|responses|messages|models\/[^/]+:(stream)?generateContent)$/i

export interface Script {
  /** The server half of the dialect that the agent speaks. */
  protocol: ServerProtocol
  sides: DialectSides
  turns: Agent['turns']
  /** The agent's work folder: calls name its files. */
  folder: string
  /** Signs thoughts and calls: it knows whether they come back unchanged. */
  sim: Simulator
  /** The first answer of each turn with calls ends inside one. */
  cuts: boolean
}

export async function capture(script: Script): Promise<Capture> {
  const { protocol, cuts } = script
  const requests: Captured[] = []
  /** The turns whose first answer was cut, by how many turns with calls came before. */
  const cutTurns = new Set<number>()
  const others = new Set<string>()
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      response.destroy()
    })
  })
  // Loopback is all that an agent reaches.
  server.on('connect', (_request, socket) => {
    others.add('CONNECT another host')
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams, host } = new URL(request.url ?? '/', url)
    const body = Buffer.concat(await request.toArray()).toString()
    if (host !== `127.0.0.1:${port}` || request.method !== 'POST' || !ANSWERS.test(path)) {
      others.add(`${request.method ?? ''} ${host === `127.0.0.1:${port}` ? path : 'another host'}`)
      const { headers, body: text } = protocol.error(new TypeError('there is nothing at this path'))
      response.writeHead(request.method === 'HEAD' ? 200 : 404, headers).end(text)
      return
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const incoming = { path, query: Object.fromEntries(searchParams), headers, body }
    let read: ServerCall
    try {
      read = protocol.read(incoming)
    } catch (error) {
      requests.push({ call: incoming, read: error instanceof Error ? error : new Error(String(error)) })
      const { status, headers: own, body: text } = protocol.error(error)
      response.writeHead(status, own).end(text)
      return
    }
    requests.push({ call: incoming, read })
    // An agent that asks without end gets its last answer.
    const events = await answerTo(read.request, requests.length > MOST ? { ...script, turns: [] } : script)
    const id = `answer_${requests.length}`
    const created = Math.floor(Date.now() / 1000)
    const { request: asked } = read
    const writer = (): AnswerWriter => read.answer({ id, created, model: asked.model })
    const write = (given: readonly ChatEvent[]): string => writer().write(given)
    const turn = turnsIn(asked)
    const isCut = cuts && !cutTurns.has(turn) && events.some(({ type }) => type === 'tool-input')
    if (isCut) cutTurns.add(turn)
    const text = isCut ? cutInsideCall(write, events) : write(events)
    response.writeHead(200, { 'content-type': writer().contentType }).end(text)
  }

  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url, requests, others, [Symbol.asyncDispose]: close }
}

/** How many turns with calls a conversation has. */
const turnsIn = ({ messages }: ChatRequest): number =>
  messages.filter((message) => message.role === 'assistant' && callsOf(message).length > 0).length

/** The next calls of the script, or the last words. */
async function answerTo(request: ChatRequest, { sides, turns, folder, sim }: Script): Promise<ChatEvent[]> {
  const offered = (request.tools ?? []).flatMap((tool) => (tool.type === 'native' ? [] : [tool]))
  const done = turnsIn(request)
  const calls = turns[done] ?? []
  const tools = calls.flatMap((call) => offered.find(({ name }) => name === call.tool) ?? [])
  const usage = { inputTokens: 900, outputTokens: 9, source: 'reported' } as const
  const [first] = tools
  if (first === undefined || tools.length < calls.length) {
    const start = { type: 'start', provider: 'script', model: request.model } as const
    return [start, { type: 'text', text: LOOP.answer }, { type: 'finish', reason: 'stop', usage }]
  }
  const { content, provider, model } = await collect(
    sides.provider({ apiKey: 'key-of-the-check', baseUrl: sim.baseUrl(sides.simulated) }).stream(
      {
        model: sides.model,
        messages: [{ role: 'user', content: `Think first, then call the ${first.name} tool.` }],
        tools: [{ name: first.name, parameters: { type: 'object', properties: {} } }],
        reasoning: 'high',
      },
      { unsupported: 'drop' },
    ),
  )
  const signed = content.find((part) => part.type === 'tool-call')
  const called = calls.flatMap((call, index): ChatEvent[] => {
    // The simulator's ids repeat. Of calls in one turn the first is signed.
    const id = `${signed?.id ?? 'call'}${done}${index}`
    const { signature } = index === 0 ? (signed ?? {}) : {}
    const format = tools[index]?.type === 'text' ? 'text' : 'json'
    return [
      { type: 'tool-call', id, name: call.tool, format, ...(signature !== undefined && { signature }) },
      { type: 'tool-input', id, text: inputOf(call, folder) },
    ]
  })
  const before = content.filter((part) => part.type !== 'tool-call')
  return [{ type: 'start', provider, model }, ...before, ...called, { type: 'finish', reason: 'tool-calls', usage }]
}
