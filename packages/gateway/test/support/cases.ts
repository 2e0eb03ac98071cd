/** Plays what public reports tell of other gateways: a client of one dialect, an endpoint of another, and what was said. */

import { readFileSync } from 'node:fs'
import type { Provider } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { anthropic } from '@rivulet/provider-anthropic'
import { deepseek } from '@rivulet/provider-deepseek'
import { google } from '@rivulet/provider-google'
import { openai } from '@rivulet/provider-openai'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { failover, route } from '@rivulet/router'
import { byteServer, type Play, type Script } from '@rivulet/testkit'
import { gateway } from '../../src/index.ts'
import { eventsOf, type ReadEvent } from './clients.ts'

type DialectName = 'messages' | 'responses' | 'chat' | 'gemini'
/** Frames of the dialect, each an event; or a refusal; or no server that listens. */
type Answer = readonly unknown[] | { status: number; body: unknown } | { refused: true }
interface Turn {
  request: Record<string, unknown>
  answer?: Answer
}

interface Case extends Partial<Turn> {
  name: string
  /** The public report that it was made after. */
  report: string
  client: DialectName
  upstream: DialectName
  path?: string
  rawRequest?: string
  requests?: readonly Record<string, unknown>[]
  turns?: readonly Turn[]
  /** Of members in their order: those after the first speak chat completions. */
  answers?: readonly Answer[]
  /** The answer as text; a number is a pause in milliseconds. */
  bytes?: readonly (string | number)[]
}

/** One answer as its client got it. */
interface Got {
  status: number
  headers: Headers
  text: string
  /** Of an event stream. */
  events: readonly ReadEvent[]
  /** Of JSON. */
  document: unknown
}

/** What came of a case: the answers, and the bodies that the endpoint got. */
export interface Run {
  got: readonly Got[]
  first: Got
  sent: readonly string[]
  /** The first of them, parsed. */
  body: unknown
}

const CASES = JSON.parse(
  readFileSync(new URL('../fixtures/gateway-cases.json', import.meta.url), 'utf8'),
) as readonly Case[]

function caseNamed(name: string): Case {
  const found = CASES.find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no case "${name}"`)
  return found
}

const PATHS: Readonly<Record<DialectName, string>> = {
  messages: '/v1/messages',
  responses: '/v1/responses',
  chat: '/v1/chat/completions',
  gemini: '/v1beta/models/m:streamGenerateContent?alt=sse',
}

/** The last resort of a case that says nothing of its answer. */
const HELLO: Readonly<Record<DialectName, readonly unknown[]>> = {
  chat: [
    {
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null }],
    },
    {
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
    },
    '[DONE]',
  ],
  messages: [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 10, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ],
  responses: [
    {
      type: 'response.created',
      sequence_number: 0,
      response: { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'in_progress', output: [] },
    },
    {
      type: 'response.output_item.added',
      sequence_number: 1,
      output_index: 0,
      item: { type: 'message', id: 'msg_1', status: 'in_progress', role: 'assistant', content: [] },
    },
    {
      type: 'response.output_text.delta',
      sequence_number: 2,
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: 'Hello',
    },
    {
      type: 'response.completed',
      sequence_number: 3,
      response: {
        id: 'resp_1',
        object: 'response',
        created_at: 1,
        model: 'm',
        status: 'completed',
        output: [
          {
            type: 'message',
            id: 'msg_1',
            status: 'completed',
            role: 'assistant',
            content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
          },
        ],
        usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
      },
    },
  ],
  gemini: [
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
      modelVersion: 'm',
      responseId: 'r1',
    },
  ],
}

const head = (status: number, type: string): string =>
  `HTTP/1.1 ${status} Status\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`

/** Answers each request with the next of these; the last one again and again. */
function playing(
  dialect: DialectName,
  answers: readonly Answer[],
  bytes: Case['bytes'],
  pause: () => Promise<void>,
): Script {
  let asked = 0
  return async (exchange) => {
    const answer = answers[Math.min(asked++, answers.length - 1)] ?? HELLO[dialect]
    if (bytes !== undefined) {
      await exchange.write(head(200, 'text/event-stream'))
      for (const piece of bytes) {
        if (typeof piece === 'number') await pause()
        else await exchange.write(piece)
      }
    } else if ('status' in answer) {
      await exchange.write(head(answer.status, 'application/json') + JSON.stringify(answer.body))
    } else if (!('refused' in answer)) {
      await exchange.write(head(200, 'text/event-stream') + framesText(dialect, answer, exchange.request.body))
    }
    exchange.fin()
  }
}

/** The frames as text, with the name under which the endpoint got a tool in its place. */
function framesText(dialect: DialectName, frames: readonly unknown[], request: string): string {
  const name = /"function":\{"name":"([^"]+)"/.exec(request)?.[1] ?? ''
  const text = frames.map((frame) => frameText(dialect, frame)).join('')
  return text.replaceAll('<the name under which the upstream got search>', name)
}

function frameText(dialect: DialectName, frame: unknown): string {
  if (typeof frame === 'string') return `data: ${frame}\n\n`
  const named = dialect === 'messages' || dialect === 'responses'
  // A frame of these dialects has a type.
  const event = named ? `event: ${(frame as { type: string }).type}\n` : ''
  return `${event}data: ${JSON.stringify(frame)}\n\n`
}

/** What is special about an endpoint. */
export type Special = 'DeepSeek' | 'a strict template'

function providerOf(dialect: DialectName, baseUrl: string, special?: Special): Provider {
  const apiKey = 'key-of-the-upstream'
  if (special === 'DeepSeek') return deepseek({ baseUrl, apiKey })
  switch (dialect) {
    case 'messages':
      return anthropic({ baseUrl, apiKey })
    case 'responses':
      return openai({ baseUrl, apiKey, api: 'responses' })
    case 'gemini':
      return google({ baseUrl, apiKey })
    case 'chat':
      return openaiCompatible({
        id: 'local',
        baseUrl,
        apiKey,
        quirks: special === 'a strict template' ? { systemMessages: 'one' } : {},
      })
  }
}

/** Plays a case. @param change What is otherwise in its requests, as `{ stream: false }`. */
export async function play(name: string, change: object = {}, special?: Special): Promise<Run> {
  const { client, upstream, path = PATHS[client], bytes, rawRequest, ...given } = caseNamed(name)
  const turns = given.turns ?? (given.requests ?? [given.request ?? {}]).map((request): Turn => ({ request }))
  await using server = await byteServer()
  const clock = new ManualClock()
  const paused = Promise.withResolvers<undefined>()
  const pause = async (): Promise<void> => {
    paused.resolve(undefined)
    await resumed.promise
  }
  const resumed = Promise.withResolvers<undefined>()
  const ofTurns = turns.flatMap(({ answer = given.answer }) => (answer === undefined ? [] : [answer]))
  const answers = given.answers?.map((each) => [each]) ?? [ofTurns]
  const plays: Play[] = answers.map((each, at) =>
    server.play(playing(at === 0 ? upstream : 'chat', each, bytes, pause)),
  )
  const isRefused = given.answer !== undefined && 'refused' in given.answer
  const members = plays.map(({ baseUrl }, at) =>
    providerOf(at === 0 ? upstream : 'chat', isRefused ? 'http://127.0.0.1:9' : baseUrl, special),
  )
  const [only] = members
  const alone = only !== undefined && members.length === 1 ? only : failover(members)
  const provider = rawRequest === undefined ? alone : route({ '*': alone }, { aliases: { alias: 'm' } })
  // Asked once: a retry would wait.
  const served = gateway(provider, { clock, retry: false })
  const got: Got[] = []
  for (const turn of turns) {
    const asked = served.fetch(`http://gateway.local${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: rawRequest ?? JSON.stringify({ ...filled(turn.request, got.at(-1)), ...change }),
    })
    if (bytes?.some((piece) => typeof piece === 'number') === true) {
      await paused.promise
      void clock.advance(12_000).then(() => {
        resumed.resolve(undefined)
      })
    }
    got.push(await read(await asked))
  }
  const [first] = got
  if (first === undefined) throw new Error('nothing was asked')
  const sent = plays.flatMap(({ exchanges }) => exchanges.map(({ request }) => request.body))
  return { got, first, sent, body: sent[0] === undefined ? undefined : JSON.parse(sent[0]) }
}

async function read(response: Response): Promise<Got> {
  const text = await response.text()
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  return {
    status: response.status,
    headers: response.headers,
    text,
    events: isStream ? eventsOf(text) : [],
    document: isStream ? undefined : JSON.parse(text),
  }
}

/** A request with what its client got before, in the place of the words for it. */
function filled(request: Record<string, unknown>, before: Got | undefined): Record<string, unknown> {
  if (before === undefined) return request
  const blocks = blocksOf(before.events)
  const id = blocks.find(({ type }) => type === 'tool_use')?.id
  const text = JSON.stringify(request)
    .replaceAll('"<the blocks of the answer before>"', JSON.stringify(blocks))
    .replaceAll('"<the id of the call>"', JSON.stringify(id))
  return JSON.parse(text) as Record<string, unknown>
}

/** A content block of an Anthropic answer, put together as its clients do. */
export interface Block extends Record<string, unknown> {
  type: string
}

/** The blocks of an event stream. @throws where one is not begun, continued and ended in order. */
export function blocksOf(events: readonly ReadEvent[]): Block[] {
  const blocks: Block[] = []
  let open: { index: number; block: Block; json: string } | undefined
  for (const { data } of events) {
    const event = data as { type: string; index: number; content_block?: Block; delta?: Record<string, string> }
    if (event.type === 'content_block_start' && event.content_block !== undefined) {
      if (open !== undefined) throw new Error(`block ${event.index} begins before block ${open.index} ends`)
      if (event.index !== blocks.length) throw new Error(`block ${event.index} begins where ${blocks.length} is next`)
      open = { index: event.index, block: { ...event.content_block }, json: '' }
      blocks.push(open.block)
    } else if (event.type === 'content_block_delta') {
      const { type = '', text = '', thinking = '', partial_json: json = '', signature } = event.delta ?? {}
      const kind = {
        text_delta: 'text',
        thinking_delta: 'thinking',
        signature_delta: 'thinking',
        input_json_delta: 'tool_use',
      }[type]
      if (open?.index !== event.index || open.block.type !== kind) throw new Error(`a ${type} for block ${event.index}`)
      if (kind === 'text') open.block.text = String(open.block.text) + text
      if (type === 'thinking_delta') open.block.thinking = String(open.block.thinking) + thinking
      if (signature !== undefined) open.block.signature = signature
      open.json += json
    } else if (event.type === 'content_block_stop') {
      if (open?.index !== event.index) throw new Error(`block ${event.index} ends and is not open`)
      if (open.block.type === 'tool_use') open.block.input = JSON.parse(open.json === '' ? '{}' : open.json)
      open = undefined
    }
  }
  return blocks
}
