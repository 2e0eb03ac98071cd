import { metrics, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { hrTimeToMilliseconds, W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { ManualClock, systemClock } from '@rivulet/core/provider'
import { failover } from '@rivulet/router'
import { scriptedProvider } from '@rivulet/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { telemetry } from '../src/telemetry.ts'
import { CLIENTS } from './support/clients.ts'
import { failure, start, steps, text, whole } from './support/providers.ts'
import { Reading } from './support/reading.ts'
import { serving } from './support/serving.ts'

const CHAT = '/v1/chat/completions'
const question = CLIENTS[0]?.body(true) ?? {}
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

/** The SDK of a program that wants to see. */
function registered(): { spans: InMemorySpanExporter; points: () => Promise<Record<string, unknown[]>> } {
  const spans = new InMemorySpanExporter()
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const meters = new MeterProvider({ readers: [reader] })
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
  metrics.setGlobalMeterProvider(meters)
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  onTestFinished(async () => {
    trace.disable()
    metrics.disable()
    propagation.disable()
    await meters.shutdown()
  })
  return {
    spans,
    async points() {
      await meters.forceFlush()
      const all =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
      return Object.fromEntries(
        all.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes, value }) => [
            attributes,
            typeof value === 'number' ? value : 'sum' in value ? value.sum : undefined,
          ]),
        ]),
      )
    },
  }
}

test('a request is a server span in its client’s trace, and each attempt a client span below it', async () => {
  const { spans } = registered()
  const clock = new ManualClock()
  const provider = failover(
    [
      scriptedProvider('down', clock, () => [{ afterMs: 100, error: failure('overloaded', 'secret words') }]),
      scriptedProvider('google', clock, () => [
        { afterMs: 200, events: [start('google'), text('Hello')] },
        {
          afterMs: 50,
          events: [{ type: 'finish', reason: 'stop', usage: { inputTokens: 7, outputTokens: 3, source: 'reported' } }],
        },
      ]),
    ],
    { clock },
  )
  await using server = await serving('listen', provider, { clock, observers: [telemetry()] })
  const asked = server.post(CHAT, question, { headers: { traceparent: `00-${TRACE}-${PARENT}-01` } })
  await expect.poll(() => clock.pending).toBeGreaterThan(1)
  await clock.advance(350)
  const response = await asked
  await response.text()
  await expect.poll(() => spans.getFinishedSpans()).toHaveLength(3)
  const [failed, answered, request] = spans.getFinishedSpans()
  expect([failed, answered, request].map((span) => [span?.name, span?.kind, span?.spanContext().traceId])).toEqual([
    ['chat m', SpanKind.CLIENT, TRACE],
    ['chat m', SpanKind.CLIENT, TRACE],
    ['chat m', SpanKind.SERVER, TRACE],
  ])
  const own = request?.spanContext().spanId
  expect([failed, answered, request].map((span) => span?.parentSpanContext?.spanId)).toEqual([own, own, PARENT])
  expect([failed, answered, request].map((span) => span && hrTimeToMilliseconds(span.duration))).toEqual([
    100, 250, 350,
  ])
  expect(failed?.status.code).toBe(SpanStatusCode.ERROR)
  expect(failed?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'down',
    'gen_ai.request.model': 'm',
    'gen_ai.request.stream': true,
    'error.type': 'overloaded',
    'rivulet.outcome': 'failed',
  })
  expect(request?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'gcp.gemini',
    'gen_ai.request.model': 'm',
    'gen_ai.request.stream': true,
    'gen_ai.response.model': 'm',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.response.time_to_first_chunk': 0.3,
    'gen_ai.usage.input_tokens': 7,
    'gen_ai.usage.output_tokens': 3,
    'http.response.status_code': 200,
    'rivulet.request.id': response.headers.get('x-request-id'),
    'rivulet.hold': 'none',
    'rivulet.outcome': 'answered',
    'rivulet.attempts': 2,
  })
})

test('the metrics are those of the conventions, and a name that a client invents makes no series', async () => {
  const { points } = registered()
  const clock = new ManualClock()
  const provider = scriptedProvider('openai', clock, () => [
    { afterMs: 200, events: [start('openai'), text('Hello')] },
    { afterMs: 50, events: [text(' there')] },
    {
      afterMs: 50,
      events: [
        {
          type: 'finish',
          reason: 'stop',
          usage: { inputTokens: 7, outputTokens: 3, cachedTokens: 5, source: 'reported' },
        },
      ],
    },
  ])
  await using server = await serving('listen', provider, { clock, observers: [telemetry()] })
  const asked = server.post(CHAT, { ...question, model: 'invented' })
  await expect.poll(() => clock.pending).toBeGreaterThan(1)
  await clock.advance(200)
  const reading = await new Reading(await asked).until('Hello')
  await clock.advance(50)
  await reading.until(' there')
  await clock.advance(50)
  await reading.end()
  const labels = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': '_OTHER',
  }
  const counted = { ...labels, 'gen_ai.token.modality': 'unknown' }
  expect(await points()).toStrictEqual({
    'gen_ai.client.inference.duration': [[labels, 0.3]],
    'gen_ai.client.inference.time_to_first_chunk': [[labels, 0.2]],
    'gen_ai.client.inference.time_per_output_chunk': [[labels, 0.05]],
    'gen_ai.client.inference.usage.input_tokens': [[counted, 7]],
    'gen_ai.client.inference.usage.output_tokens': [[counted, 3]],
    'gen_ai.client.inference.usage.cache_read.input_tokens': [[counted, 5]],
  })
})

test('an answer in one piece has no time to a first chunk', async () => {
  const { spans, points } = registered()
  const provider = scriptedProvider('acme', systemClock, () => whole)
  await using server = await serving('listen', provider, { observers: [telemetry()] })
  await (await server.post(CHAT, { ...question, stream: false })).text()
  await expect.poll(() => spans.getFinishedSpans()).toHaveLength(2)
  for (const { attributes } of spans.getFinishedSpans()) {
    expect(attributes['gen_ai.request.stream']).toBe(false)
    expect(attributes).not.toHaveProperty('gen_ai.response.time_to_first_chunk')
  }
  expect(Object.keys(await points())).not.toContain('gen_ai.client.inference.time_to_first_chunk')
})

test('a break and a refusal for our own fault are errors; a refusal for the fault of a request is not', async () => {
  const { spans } = registered()
  const provider = scriptedProvider('acme', systemClock, ({ request: { model } }) => {
    if (model === 'breaks') return steps([start(), text('Hello')], failure('truncated'))
    return steps(failure(model === 'down' ? 'overloaded' : 'context-length'))
  })
  await using server = await serving('listen', provider, { retry: false, observers: [telemetry()] })
  for (const model of ['breaks', 'down', 'long']) await (await server.post(CHAT, { ...question, model })).text()
  const servers = (): unknown[] =>
    spans
      .getFinishedSpans()
      .filter(({ kind }) => kind === SpanKind.SERVER)
      .map(({ status, attributes }) => [status.code, attributes['error.type'], attributes['rivulet.outcome']])
  await expect.poll(servers).toEqual([
    [SpanStatusCode.ERROR, 'truncated', 'failed'],
    [SpanStatusCode.ERROR, 'overloaded', 'refused'],
    [SpanStatusCode.UNSET, 'context-length', 'refused'],
  ])
})

test('without an SDK, answers are as they are', async () => {
  const provider = scriptedProvider('acme', systemClock, () => whole)
  await using server = await serving('listen', provider, { observers: [telemetry()] })
  const response = await server.post(CHAT, question, { headers: { traceparent: 'no trace' } })
  expect(await response.text()).toContain('there')
})
