/** A server that keeps what a client asks, and answers with our server half: tool calls first, then a text. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collect, type ChatEvent, type ChatRequest } from '@rivulet/core'
import { callsOf, type IncomingCall, type ServerCall, type ServerProtocol } from '@rivulet/core/provider'
import type { DialectSides } from '@rivulet/dialects/dialects'
import type { Simulator } from '@rivulet/simulator'
import type { Agent, Call } from './agents.ts'

/** The text of the last answer: the agent shows it, if it has understood all answers. */
export const LAST_WORDS = 'The boat is blue and the dot is small.'

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

/**
 * @param protocol The server half of the dialect that the agent speaks.
 * @param folder The agent's work folder: calls name its files.
 */
export async function capture(
  protocol: ServerProtocol,
  sides: DialectSides,
  turns: Agent['turns'],
  folder: string,
  sim: Simulator,
): Promise<Capture> {
  const requests: Captured[] = []
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
    const events = await answerTo(read.request, sides, turns, folder, sim, requests.length)
    const created = Math.floor(Date.now() / 1000)
    const writer = read.answer({ id: `answer_${requests.length}`, created, model: read.request.model })
    response.writeHead(200, { 'content-type': writer.contentType }).end(writer.write(events))
  }

  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url, requests, others, [Symbol.asyncDispose]: close }
}

/** The next call of the script, or the last words. */
async function answerTo(
  request: ChatRequest,
  sides: DialectSides,
  turns: Agent['turns'],
  folder: string,
  sim: Simulator,
  asked: number,
): Promise<ChatEvent[]> {
  const offered = (request.tools ?? []).flatMap((tool) => (tool.type === 'native' ? [] : [tool]))
  const done = request.messages.filter((message) => message.role === 'assistant' && callsOf(message).length > 0).length
  // An agent that asks without end gets its last answer.
  const calls = asked > MOST ? [] : (turns[done] ?? [])
  const tools = calls.flatMap((call) => offered.find(({ name }) => name === call.tool) ?? [])
  const usage = { inputTokens: 900, outputTokens: 9, source: 'reported' } as const
  const [first] = tools
  if (first === undefined || tools.length < calls.length) {
    const start = { type: 'start', provider: 'script', model: request.model } as const
    return [start, { type: 'text', text: LAST_WORDS }, { type: 'finish', reason: 'stop', usage }]
  }
  // The simulator's thoughts and calls are signed: it knows whether they come back unchanged.
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

function inputOf({ input }: Call, folder: string): string {
  const given = input(folder)
  return typeof given === 'string' ? given : JSON.stringify(given)
}
