import { request as open, type ClientRequest, type IncomingMessage } from 'node:http'
import type { DialectId, Simulator } from '../src/index.ts'

/** One answer as a client received it, chunk by chunk. */
export interface ClientResponse {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly chunks: readonly Buffer[]
  readonly text: string
  /** The code of the error that ended the answer; undefined if it ended validly. */
  readonly error: string | undefined
}

export interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>> | string | undefined
}

/** A valid request, whose body a test can change. */
export interface ValidRequest extends Sent {
  readonly body: Record<string, unknown>
}

/** The three original dialects: each has one request format. */
export type OriginalDialect = 'gravityengine' | 'liaobots' | 'lockchat'

export type VendorDialect = Exclude<DialectId, OriginalDialect>

const say = (content: string) => [{ role: 'user', content }]

/** A request that the dialect accepts; tests invalidate parts of it. */
export function validRequest(sim: Simulator, dialect: DialectId, prompt = 'hello'): ValidRequest {
  const json = { 'content-type': 'application/json' }
  const messages = say(prompt)
  switch (dialect) {
    case 'gravityengine':
      return {
        path: '/gravityengine/api/openai/v1/chat/completions',
        headers: json,
        body: { model: 'gpt-3.5-turbo-16k', temperature: 0.7, presence_penalty: 0, messages, stream: true },
      }
    case 'lockchat':
      return {
        path: '/lockchat/v1/chat/completions',
        headers: { ...json, 'user-agent': 'ChatX/39 CFNetwork/1408.0.4 Darwin/22.5.0' },
        body: { temperature: 0.7, messages, model: 'gpt-4', stream: true },
      }
    case 'liaobots':
      return {
        path: '/liaobots/api/chat',
        headers: {
          ...json,
          authority: new URL(sim.url).host,
          origin: sim.url,
          referer: `${sim.url}/`,
          'user-agent': 'Mozilla/5.0',
          'x-auth-code': 'demo',
        },
        body: {
          conversationId: '6b1cbd6a-7a5e-4d0e-9d4f-1f2f3a4b5c6d',
          model: { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8000 },
          messages,
          key: '',
          prompt: 'You are a test.',
        },
      }
    case 'openai':
      return {
        path: '/openai/v1/chat/completions',
        headers: { ...json, authorization: 'Bearer sk-test' },
        body: { model: 'gpt-6.1-terra', messages, stream: true },
      }
    case 'openai-responses':
      return {
        path: '/openai-responses/v1/responses',
        headers: { ...json, authorization: 'Bearer sk-test' },
        body: { model: 'gpt-6.1-terra', input: prompt, stream: true },
      }
    case 'anthropic':
      return {
        path: '/anthropic/v1/messages',
        headers: { ...json, 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' },
        body: { model: 'claude-opus-5-5', max_tokens: 4096, messages, stream: true },
      }
    case 'google':
      return {
        path: '/google/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse',
        headers: { ...json, 'x-goog-api-key': 'test' },
        body: { contents: [{ role: 'user', parts: [{ text: prompt }] }] },
      }
    case 'ollama':
      return { path: '/ollama/api/chat', headers: json, body: { model: 'gpt-oss:20b', messages } }
  }
}

/** Sends a request on a separate connection. The caller reads the answer. */
export function start(sim: Simulator, { method = 'POST', path, headers, body }: Sent): ClientRequest {
  const request = open(`${sim.url}${path}`, { method, headers, agent: false })
  request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
  return request
}

/** Waits for the head of the answer. */
export async function headOf(request: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request.once('response', resolve).once('error', reject)
  return promise
}

/** Sends a request and reads the answer until it ends or fails. */
export async function send(sim: Simulator, sent: Sent): Promise<ClientResponse> {
  const response = await headOf(start(sim, sent))
  const chunks: Buffer[] = []
  let error: string | undefined
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch (thrown) {
    error = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
  }
  const text = Buffer.concat(chunks).toString()
  return { status: response.statusCode ?? 0, headers: response.headers, chunks, text, error }
}

export async function ask(sim: Simulator, dialect: DialectId, prompt?: string): Promise<ClientResponse> {
  return send(sim, validRequest(sim, dialect, prompt))
}

/** The `data:` lines of an SSE body. */
export function dataOf(text: string): string[] {
  return [...text.matchAll(/^data: (.*)\n\n/gm)].map((match) => match[1] ?? '')
}

interface Choice {
  readonly delta?: {
    readonly content?: string | null
    readonly tool_calls?: { function: { name?: string; arguments: string } }[]
  }
  readonly message?: { readonly content: string | null }
  readonly finish_reason: string | null
}

export interface Document {
  readonly id: string
  readonly object: string
  readonly choices: readonly Choice[]
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number }
  readonly error?: {
    readonly message: string
    readonly type: string
    readonly code: string
    readonly param: string | null
  }
}

/** Not validated here: the tests assert what they need. */
export const parse = (text: string): Document => JSON.parse(text) as Document

export function events(text: string): Document[] {
  return dataOf(text)
    .filter((data) => data !== '[DONE]')
    .map(parse)
}

export function contentOf(documents: readonly Document[]): string {
  return documents.map(({ choices: [choice] }) => choice?.delta?.content ?? choice?.message?.content ?? '').join('')
}
