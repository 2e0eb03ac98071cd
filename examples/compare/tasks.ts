import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Simulator } from '@rivulet/simulator'

/** A task: a folder with a program for each library. */
export interface Task {
  folder: string
  title: string
  /** Runs a program, which is a module, and asserts that it does the task. */
  run: (load: () => Promise<unknown>, sim: Simulator) => Promise<void>
}

export const TASKS: readonly Task[] = [
  { folder: 'text', title: 'text, as it arrives', run: prints(/\bsky\b/) },
  { folder: 'usage', title: 'text, then its usage', run: prints(/\bsky\b.*(outputTokens|output_tokens)\b/s) },
  { folder: 'object', title: 'an object with its type', run: prints(/^\S.* -?\d+\n$/) },
  { folder: 'tools', title: 'a tool, run until the answer', run: prints(/21 degrees in Oslo/) },
  { folder: 'page', title: 'a route, and a page that reads it', run: servesPage },
  { folder: 'failover', title: 'a second provider when the first is down', run: survivesAnOutage },
]

/** A program that prints this. */
function prints(expected: RegExp): Task['run'] {
  return async (load) => {
    assert.match(await printed(load), expected)
  }
}

async function survivesAnOutage(load: () => Promise<unknown>, sim: Simulator): Promise<void> {
  for (const dialect of ['openai', 'openai-responses'] as const) sim.fault(dialect, { kind: 'status', status: 503 })
  assert.match(await printed(load), /\bsky\b/)
  // It was the first one's turn, and it was down.
  assert.ok(sim.requests.some(({ status }) => status === 503))
}

/** What the module writes to the standard output while it runs. */
async function printed(load: () => Promise<unknown>): Promise<string> {
  const { write } = process.stdout
  let output = ''
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    output += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
    return true
  }
  try {
    await load()
  } finally {
    process.stdout.write = write
  }
  return output
}

interface PageProgram {
  POST: (request: Request) => Promise<Response>
  ask: (url: string, question: string, draw: (text: string) => void) => Promise<void>
}

/** The page draws the answer as it grows, and an answer that breaks is a failure there. */
async function servesPage(load: () => Promise<unknown>, sim: Simulator): Promise<void> {
  const { POST, ask } = (await load()) as PageProgram
  const server = createServer((request, response) => {
    serve(POST, request, response).catch((error: unknown) => response.destroy(error as Error))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/chat`
  try {
    const drawn: string[] = []
    await ask(url, 'Why is the sky blue?', (text) => drawn.push(text))
    assert.match(drawn.at(-1) ?? '', /\bsky\b/)
    for (const dialect of ['openai', 'openai-responses'] as const) sim.fault(dialect, 'error-mid-stream')
    await quietly(() => assert.rejects(ask(url, 'Why is the sky blue?', () => undefined)))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Without what a library logs of a failure that is expected. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { error } = console
  console.error = () => undefined
  try {
    await work()
  } finally {
    console.error = error
  }
}

async function serve(POST: PageProgram['POST'], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = { 'content-type': request.headers['content-type'] ?? 'text/plain' }
  const answer = await POST(new Request('http://page.test/', { method: 'POST', headers, body: await text(request) }))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body === null) response.end()
  else
    Readable.fromWeb(answer.body)
      .on('error', (error) => response.destroy(error))
      .pipe(response)
}
