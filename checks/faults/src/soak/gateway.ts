import { request as httpRequest } from 'node:http'
import { type Deadlines, deadlines, pipe, type RecordedExchange, recordExchanges } from '@rivulet/core'
import { undiciTransport } from '@rivulet/core/undici'
import { gateway, type GatewayServer } from '@rivulet/gateway'
import { log, type Logger } from '@rivulet/gateway/log'
import { metrics } from '@rivulet/gateway/metrics'
import { openai } from '@rivulet/provider-openai'
import { failover } from '@rivulet/router'
import { seeded } from '@rivulet/testkit'
import { CLIENTS, type SoakClient } from './clients.ts'
import { counted, type Outcomes, WRONG } from './streams.ts'

export interface GatewayLoad {
  readonly server: GatewayServer
  /** Asks so many times, many at a time, and counts what came of it. */
  readonly ask: (url: string, count: number, onAnswer: () => void) => Promise<Outcomes>
  /** Where a key was seen in the log, the metrics and the recordings. */
  readonly leaks: () => Promise<readonly string[]>
}

const AT_ONCE = 50
/** Everything is slow while so many ask: a silence must be told from that. */
const LIMITS: Deadlines = { connectMs: 10_000, firstTokenMs: 2_000, idleMs: 1_000, totalMs: 10_000 }
/** Must be in no answer, line of the log, metric or recording. */
const UPSTREAM_KEY = 'canary-key-of-the-upstream'
const CLIENT_KEY = 'canary-key-of-the-client'
const MODES = ['none', 'calls', 'answer'] as const

type Urls = Readonly<Record<string, string>>

export interface GatewayLoadOptions {
  /** Where the endpoints of each member are, by their dialects. */
  readonly first: Urls
  readonly second: Urls
  readonly keepAliveMs: number
  readonly seed: number
}

/** A gateway in front of a group of two dialects, whose endpoints break at random, and clients that leave at random. */
export function gatewayLoad({ first, second, keepAliveMs, seed }: GatewayLoadOptions): GatewayLoad {
  const options = (baseUrl = '') => ({
    baseUrl,
    apiKey: UPSTREAM_KEY,
    transport: undiciTransport({ keepAliveMs }),
  })
  let recorded = 0
  const kept = [
    deadlines(LIMITS),
    recordExchanges({
      to(exchange) {
        recorded++
        const text = textOf(exchange)
        if (hasKey(text)) leaked.add(`${WRONG}a key in a recording: ${text.slice(0, 300)}`)
      },
    }),
  ]
  const group = failover([
    pipe(openai(options(first.openai)), ...kept),
    pipe(openai({ ...options(second['openai-responses']), api: 'responses' }), ...kept),
  ])
  const random = seeded(seed)
  const leaked = new Set<string>()
  const line = (fields: object, message: string): void => {
    const text = JSON.stringify(fields) + message
    if (hasKey(text)) leaked.add(`${WRONG}a key in the log: ${text}`)
  }
  const logger: Logger = { debug: line, info: line, warn: line, error: line }
  const measured = metrics()
  return {
    server: gateway(group, { keys: CLIENT_KEY, observers: [measured, log({ logger })] }),
    async leaks() {
      const { text } = await measured.page()
      if (!text.includes('rivulet_')) throw new Error('nothing was measured')
      if (recorded === 0) throw new Error('nothing was recorded')
      return [...leaked, ...(hasKey(text) ? [`${WRONG}a key in the metrics`] : [])]
    },
    ask: (url, count, onAnswer) =>
      counted(count, AT_ONCE, async (at) => {
        const outcome = await one(url, at, random())
        onAnswer()
        return outcome
      }),
  }
}

/** All of a recording, and its body in one piece: a key may be in two chunks, or in bytes. */
function textOf(exchange: RecordedExchange): string {
  const chunks = exchange.chunks.map(({ text, base64 = '' }) =>
    Buffer.from(text ?? base64, text === undefined ? 'base64' : 'utf8'),
  )
  return JSON.stringify(exchange) + Buffer.concat(chunks).toString()
}

const hasKey = (text: string): boolean => text.includes(UPSTREAM_KEY) || text.includes(CLIENT_KEY)

/** When a client leaves, as a part of all: before the head of the answer, or at its first bytes. */
const LEAVES_BEFORE = 0.1
const LEAVES_WITHIN = 0.2

async function one(url: string, at: number, chance: number): Promise<string> {
  const client = CLIENTS[at % CLIENTS.length]
  if (client === undefined) throw new Error('there is no client')
  const last = 3 + (at % 40)
  const leaves = chance < LEAVES_BEFORE ? 'before' : chance < LEAVES_WITHIN ? 'within' : undefined
  const got = await asked(url, client, `count to ${last}, for the ${at}th time`, at, leaves)
  if (got === undefined) return leaves === undefined ? 'told: the connection broke' : `the client left ${leaves} it`
  const { status, text } = got
  if (hasKey(text)) return `${WRONG}a key was said: ${text.slice(0, 300)}`
  if (status !== 200) return `told: status ${status}`
  const words = Array.from({ length: last }, (_, index) => index + 1).join(', ')
  const read = client.read(text)
  if (read.hasFailed) return read.isWhole ? `${WRONG}failed and whole: ${text.slice(-300)}` : 'told: in the stream'
  if (read.isWhole && read.text === `${words}.`) return 'whole'
  return `${WRONG}neither whole nor told (request ${at}, to ${client.path}): ${JSON.stringify(read.text.slice(-200))}`
}

interface Got {
  readonly status: number
  /** The head too. */
  readonly text: string
}

/** Asks on a connection of its own; `undefined` for a client that left, and for a connection that broke. */
function asked(
  url: string,
  client: SoakClient,
  question: string,
  at: number,
  leaves: 'before' | 'within' | undefined,
): Promise<Got | undefined> {
  const { promise, resolve } = Promise.withResolvers<Got | undefined>()
  const headers = {
    authorization: `Bearer ${CLIENT_KEY}`,
    'content-type': 'application/json',
    'x-rivulet-hold': MODES[at % MODES.length],
  }
  const sent = httpRequest(url + client.path, { method: 'POST', agent: false, headers }, (response) => {
    let text = `${response.rawHeaders.join('\n')}\n`
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
      if (leaves !== 'within') return
      resolve(undefined)
      sent.destroy()
    })
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, text })
    })
    response.on('close', () => {
      resolve(undefined)
    })
  })
  sent.on('error', () => {
    resolve(undefined)
  })
  sent.end(JSON.stringify(client.body(question)), () => {
    // The request is on its way; what comes of it, this client does not wait for.
    if (leaves === 'before') setImmediate(() => sent.destroy())
  })
  return promise
}
