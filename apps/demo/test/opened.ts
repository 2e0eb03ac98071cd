import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { SimulatorOptions } from '@rivulet/simulator'
import { KNOWN_PROVIDERS } from 'rivulet'
import { afterEach, vi } from 'vitest'
import { openRiver, type River } from '../src/river.ts'
import { type DemoServer, demoServer } from '../src/server.ts'

const open = new Set<AsyncDisposable>()

afterEach(async () => {
  for (const opened of [...open].toReversed()) await opened[Symbol.asyncDispose]()
  open.clear()
})

/** What the machine that runs the tests has configured is not asked. */
export function withoutProviders(): void {
  for (const { credentials, baseUrl } of KNOWN_PROVIDERS) {
    for (const name of [...credentials, baseUrl]) vi.stubEnv(name, '')
  }
}

/** A river alone; it ends with the test. */
export async function river(pace: SimulatorOptions['pace'] = 'instant'): Promise<River> {
  withoutProviders()
  return opened(await openRiver({ pace }))
}

/** The page's server over simulated providers; it ends with the test. */
export async function demo(pace: SimulatorOptions['pace'] = 'instant'): Promise<{ server: DemoServer; river: River }> {
  const made = await river(pace)
  return { river: made, server: opened(await demoServer(made, { port: 0 })) }
}

function opened<T extends AsyncDisposable>(made: T): T {
  open.add(made)
  return made
}

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** A request exactly as it is written: `fetch` would tidy up its path and refuse its headers. */
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
  // What 'response' is emitted with.
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

export const JSON_TYPE = { 'content-type': 'application/json' }

/** Asks as the page does. */
export function post(server: DemoServer, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/api/chat`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body), ...init })
}

export const question = (content: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: 'gpt-4',
  messages: [{ role: 'user', content }],
  ...more,
})
