/** Rule 10: what is seen of a request is metadata. Canaries go in at every place, and are looked for wherever something comes out. */

import { Writable } from 'node:stream'
import { metrics as otelMetrics, propagation, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { pipe, type Provider, recordExchanges } from '@rivulet/core'
import { openai } from '@rivulet/provider-openai'
import { failover } from '@rivulet/router'
import { byteServer, type Script } from '@rivulet/testkit'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type GatewayObserver, newKey } from '../src/index.ts'
import { log } from '../src/log.ts'
import { metrics } from '../src/metrics.ts'
import { telemetry } from '../src/telemetry.ts'
import { CLIENTS } from './support/clients.ts'
import { SERVERS, serving } from './support/serving.ts'
import { watching } from './support/watching.ts'

/** Of the server, at its endpoint. */
const UPSTREAM_KEY = 'canary-of-the-endpoint-5f1c'
/** In a question, an answer, an error, a header, a query, a path. */
const TEXT = 'canary of a conversation 77aa'

/** Everything that watches, and all that it has written. */
function seeing(): { observers: readonly GatewayObserver[]; written: () => Promise<string>; count: () => number } {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  const spans = new InMemorySpanExporter()
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const meters = new MeterProvider({ readers: [reader] })
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
  otelMetrics.setGlobalMeterProvider(meters)
  onTestFinished(async () => {
    trace.disable()
    otelMetrics.disable()
    propagation.disable()
    await meters.shutdown()
  })
  const counted = metrics()
  const { observer, requests } = watching()
  return {
    observers: [counted, telemetry(), log({ logger: pino({ level: 'debug' }, stream) }), observer],
    count: () => lines.length,
    async written() {
      await meters.forceFlush()
      const spanned = spans
        .getFinishedSpans()
        .map(({ name, attributes, events, status }) => [name, attributes, events, status])
      const { text } = await counted.page()
      return JSON.stringify([lines, text, spanned, exporter.getMetrics(), requests])
    },
  }
}

const head = (status: number, type: string): string =>
  `HTTP/1.1 ${status} Status\r\ncontent-type: ${type}\r\nconnection: close\r\n\r\n`
const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

/** Says back what it was sent: in an answer, in a refusal, and in an answer that breaks. A failure says the key, too. */
const ECHOES: readonly (readonly [what: string, echo: (body: string, headers: string) => string])[] = [
  ['an answer', (body) => `${begun(body)}${frame({}, 'stop')}data: [DONE]\n\n`],
  ['an answer that breaks', begun],
  [
    'a failure inside an answer',
    (body, headers) => `${begun(body)}data: ${JSON.stringify({ error: { message: body + headers, code: TEXT } })}\n\n`,
  ],
  ['a refused key', (body, headers) => refused(401, body + headers)],
  ['a refused request', (body, headers) => refused(400, body + headers)],
]

function begun(text: string): string {
  return head(200, 'text/event-stream') + frame({ role: 'assistant', content: text })
}

function refused(status: number, message: string): string {
  return head(status, 'application/json') + JSON.stringify({ error: { message, code: TEXT, type: TEXT } })
}

describe.each(SERVERS)('%s', (kind) => {
  test.each(ECHOES)(
    '10: %s: what watches gets no key and no text; an answer and a recording have no key of the server',
    async (_, echo) => {
      await using endpoint = await byteServer()
      const script: Script = async (exchange) => {
        const { headers, body } = exchange.request
        await exchange.write(echo(body, JSON.stringify(headers)))
        exchange.fin()
      }
      const recorded: unknown[] = []
      const member = (): Provider =>
        pipe(
          openai({ apiKey: UPSTREAM_KEY, baseUrl: endpoint.play(script).baseUrl }),
          recordExchanges({ to: (exchange) => recorded.push(exchange) }),
        )
      const { key, stored } = await newKey('one')
      const { observers, written, count } = seeing()
      await using server = await serving(kind, failover([member(), member()]), { keys: [stored], observers })
      const said: string[] = []
      const ask = async (path: string, body: object, headers: Record<string, string>): Promise<void> => {
        const response = await server.post(path, body, { headers })
        const shown = Object.fromEntries(response.headers)
        // A connection that breaks is an end too.
        said.push(JSON.stringify(shown), await response.text().catch(String))
      }
      const asked = CLIENTS.flatMap(({ path, body }) =>
        [true, false].map((stream) => ({ path: path(stream), body: body(stream, `${TEXT} ${key}`) })),
      )
      for (const { path, body } of asked) {
        await ask(
          path,
          { ...body, user: TEXT, metadata: { user_id: TEXT } },
          { 'x-api-key': key, 'x-session-id': TEXT },
        )
      }
      const [first] = asked
      // The key where a name is expected; a text that is a path, a query, a header of a trace; a wrong key.
      await ask('/v1/chat/completions', { ...first?.body, model: key }, { authorization: `Bearer ${key}` })
      await ask(`/${encodeURIComponent(TEXT)}?q=${encodeURIComponent(TEXT)}&key=${key}`, {}, {})
      await ask('/v1/chat/completions', first?.body ?? {}, {
        'x-api-key': `${key}x`,
        traceparent: 'canary-of-a-trace',
        tracestate: 'a=canary-of-a-trace',
      })
      await ask(
        `/v1beta/models/m:generateContent?key=${key}`,
        { contents: [{ role: 'user', parts: [{ text: TEXT }] }] },
        {},
      )

      await expect.poll(count).toBe(asked.length + 4)
      const seen = await written()
      const secret = key.slice('rvl_one_'.length)
      // All of them have seen something.
      for (const mark of ['chat refused', 'rivulet_requests_total', 'rivulet.outcome', 'gen_ai.client', 'requestId']) {
        expect(seen).toContain(mark)
      }
      for (const canary of [secret, UPSTREAM_KEY, 'canary']) expect(seen).not.toContain(canary)
      const recordings = JSON.stringify(recorded)
      expect(recorded.length).toBeGreaterThanOrEqual(asked.length)
      expect(recordings).not.toContain(UPSTREAM_KEY)
      expect(said.join('\n')).not.toContain(UPSTREAM_KEY)
    },
  )
})
