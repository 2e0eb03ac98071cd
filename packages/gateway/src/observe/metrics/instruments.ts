import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** In seconds: from a small model near by to a long answer that is held. */
const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
/** In seconds, of pieces that follow each other, and of what the gateway itself takes. */
const MOMENTS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30]

export type Instruments = ReturnType<typeof instrumentsIn>

/** @throws Error when a metric of one of these names is registered already. */
export function instrumentsIn(register: Registry, openBreakers: (() => Readonly<Record<string, number>>) | undefined) {
  const registers = [register]
  if (openBreakers !== undefined) {
    new Gauge({
      name: 'rivulet_breakers_open',
      help: 'Circuit breakers that are open: one for each model of a member.',
      labelNames: ['provider'],
      registers,
      collect() {
        this.reset()
        for (const [provider, count] of Object.entries(openBreakers())) this.set({ provider }, count)
      },
    })
  }
  return {
    underWay: new Gauge({ name: 'rivulet_requests_under_way', help: 'Requests under way.', registers }),
    streams: new Gauge({ name: 'rivulet_streams_open', help: 'Streamed answers under way.', registers }),
    requests: new Counter({
      name: 'rivulet_requests_total',
      help: 'Requests that have ended, by how.',
      labelNames: ['operation', 'dialect', 'model', 'outcome', 'status'],
      registers,
    }),
    duration: new Histogram({
      name: 'rivulet_request_duration_seconds',
      help: 'From the arrival of a request to its end.',
      labelNames: ['operation', 'outcome'],
      buckets: SECONDS,
      registers,
    }),
    firstContent: new Histogram({
      name: 'rivulet_time_to_first_token_seconds',
      help: 'From the arrival of a request to the first content for its client.',
      labelNames: ['model', 'provider', 'hold'],
      buckets: SECONDS,
      registers,
    }),
    chunk: new Histogram({
      name: 'rivulet_time_per_chunk_seconds',
      help: 'From one piece of content for a client to the next.',
      buckets: MOMENTS,
      registers,
    }),
    overhead: new Histogram({
      name: 'rivulet_overhead_seconds',
      help: 'What the gateway adds to the time to the first token: reading, checking, and holding where it holds.',
      labelNames: ['hold'],
      buckets: MOMENTS,
      registers,
    }),
    tokens: new Counter({
      name: 'rivulet_tokens_total',
      help: 'Tokens as providers report them. input includes cache_read and cache_write, output includes reasoning.',
      labelNames: ['model', 'provider', 'kind'],
      registers,
    }),
    attempts: new Counter({
      name: 'rivulet_attempts_total',
      help: 'Times that a provider was asked, by what came of it: answered, superseded, cancelled, or an error code.',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    attemptFirstContent: new Histogram({
      name: 'rivulet_attempt_time_to_first_token_seconds',
      help: 'From asking a provider to its first content.',
      labelNames: ['provider'],
      buckets: SECONDS,
      registers,
    }),
  }
}
