import type { Counter, Histogram, Meter } from '@opentelemetry/api'
import { BOUNDARIES, METRICS } from './names.ts'

export type Instruments = Readonly<
  Record<'duration' | 'timeToFirstChunk' | 'timePerChunk', Histogram> &
    Record<'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens', Counter>
>

export function instrumentsOf(meter: Meter): Instruments {
  const histogram = (name: string, description: string): Histogram =>
    meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries: BOUNDARIES } })
  const counter = (name: string, description: string): Counter =>
    meter.createCounter(name, { unit: '{token}', description })
  return {
    duration: histogram(METRICS.duration, 'How long an attempt takes.'),
    timeToFirstChunk: histogram(METRICS.timeToFirstChunk, 'From the start of an attempt to its first content.'),
    timePerChunk: histogram(METRICS.timePerChunk, 'From one piece of an answer to the next.'),
    inputTokens: counter(METRICS.inputTokens, 'Tokens of input, cached ones included.'),
    outputTokens: counter(METRICS.outputTokens, 'Tokens of output, those of reasoning included.'),
    cacheReadTokens: counter(METRICS.cacheReadTokens, 'Tokens of input that a cache had.'),
    cacheWriteTokens: counter(METRICS.cacheWriteTokens, 'Tokens of input that a cache has taken.'),
    reasoningTokens: counter(METRICS.reasoningTokens, 'Tokens of output that are reasoning.'),
  }
}
