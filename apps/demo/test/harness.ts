import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { Clock } from '@rivulet/core'
import type { SimulatorOptions } from '@rivulet/simulator'
import { KNOWN_PROVIDERS } from 'rivulet'
import { afterEach, vi } from 'vitest'
import { openBackend, type Backend } from '../src/backend.ts'
import { type DemoServer, demoServer } from '../src/server.ts'

const open = new Set<AsyncDisposable>()

afterEach(async () => {
  for (const resource of [...open].toReversed()) await resource[Symbol.asyncDispose]()
  open.clear()
})

/** Hides the providers that the environment of the test machine configures. */
export function withoutProviders(): void {
  for (const { credentials, baseUrl, host } of KNOWN_PROVIDERS) {
    for (const name of [...credentials, baseUrl, host]) if (name !== undefined) vi.stubEnv(name, undefined)
  }
}

/** A backend without a server; closed after the test. */
export async function backend(pace: SimulatorOptions['pace'] = 'instant', clock?: Clock): Promise<Backend> {
  withoutProviders()
  return closedAfterTest(await openBackend({ pace, clock }))
}

/** The page's server with simulated providers; closed after the test. */
export async function demo(
  pace: SimulatorOptions['pace'] = 'instant',
  clock?: Clock,
): Promise<{ server: DemoServer; backend: Backend }> {
  const opened = await backend(pace, clock)
  return { backend: opened, server: closedAfterTest(await demoServer(opened, { port: 0 })) }
}

function closedAfterTest<T extends AsyncDisposable>(resource: T): T {
  open.add(resource)
  return resource
}

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends a request exactly as written: `fetch` would normalise its path and reject its headers. */
export async function raw(
  server: DemoServer,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false })
  sent.end(body)
  // The arguments of the event 'response'.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  // The server may answer before it has read all of a body, and then read no more of it.
  sent.on('error', () => undefined)
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

export const JSON_TYPE = { 'content-type': 'application/json' }

/** Sends a question as the page does. */
export function post(server: DemoServer, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/api/chat`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body), ...init })
}

export const question = (content: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: 'gpt-4',
  messages: [{ role: 'user', content }],
  ...more,
})

/** The server-sent events of a body of ours: each is `event:` and `data:` lines that end with a line feed, and a blank line. */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ type: string; data: string }> {
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const fieldOf = (name: string): string[] =>
        event.split('\n').flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []))
      const data = fieldOf('data')
      if (data.length > 0) yield { type: fieldOf('event')[0] ?? 'message', data: data.join('\n') }
    }
  }
}
