import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { type ChatEvent, ChatError, type ChatResult } from '@rivulet/core'
import { Collector } from '@rivulet/core/provider'

/** A stream that was read to its end, or to its failure. */
export interface Reading {
  readonly events: readonly ChatEvent[]
  /** What it threw, boxed: anything can be thrown, also `undefined`. */
  readonly failure: { readonly error: unknown } | undefined
}

export async function readAll(stream: AsyncIterable<ChatEvent>): Promise<Reading> {
  const events: ChatEvent[] = []
  try {
    for await (const event of stream) events.push(event)
  } catch (error) {
    return { events, failure: { error } }
  }
  return { events, failure: undefined }
}

/** The events with neighbours of one kind joined: where an answer is cut decides how its text is cut, not what it is. */
export function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const whole: ChatEvent[] = []
  for (const event of events) {
    const last = whole.at(-1)
    if (event.type === 'text' && last?.type === 'text') whole.splice(-1, 1, { ...last, text: last.text + event.text })
    else if (event.type === 'reasoning' && last?.type === 'reasoning' && last.signature === undefined) {
      whole.splice(-1, 1, { ...last, ...event, text: last.text + event.text })
    } else if (event.type === 'tool-input' && last?.type === 'tool-input' && last.id === event.id) {
      whole.splice(-1, 1, { ...last, json: last.json + event.json })
    } else whole.push(event)
  }
  return whole
}

export function resultOf(events: readonly ChatEvent[]): ChatResult {
  const collector = new Collector()
  for (const event of events) collector.add(event)
  return collector.result()
}

/** The failure of a reading, which must be a `ChatError`; of a group of one that gave up, its only attempt. */
export function chatErrorOf(reading: Reading, what: string): ChatError {
  const { failure, events } = reading
  assert.ok(failure !== undefined, `${what}: the stream ended as if all were well, with ${shown(events)}`)
  const { error } = failure
  assert.ok(error instanceof ChatError, `${what}: expected a ChatError, got ${String(error)}`)
  if (error.code !== 'exhausted') return error
  const [attempt, ...others] = error.attempts ?? []
  assert.ok(attempt !== undefined && others.length === 0, `${what}: ${others.length} attempts, of one member`)
  return attempt
}

/** The events of a reading that must not have failed. */
export function eventsOf(reading: Reading, what: string): readonly ChatEvent[] {
  const { failure, events } = reading
  assert.ok(failure === undefined, `${what}: the stream threw ${String(failure?.error)}`)
  return events
}

export const shown = (events: readonly ChatEvent[]): string => JSON.stringify(joined(events)).slice(0, 300)

/** What a promise gives, or a failed assertion when it takes longer than this many milliseconds. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new assert.AssertionError({ message: `${what}: not within ${ms} ms` }))
  }, ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets the event loop go round so many times: time enough for everything that waits for nothing. */
export async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await turn()
}
