import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { type ChatEvent, ChatError, type ChatResult } from '@rivulet/core'
import { Collector } from '@rivulet/core/provider'

/** A stream that was read to its end, or to its failure. */
export interface Reading {
  readonly events: readonly ChatEvent[]
  /** What it threw, in an object: anything can be thrown, even `undefined`. */
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

/** The events, with neighbours of one kind joined: the cuts of an answer may change the pieces of its text, but not the text. */
export function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const whole: ChatEvent[] = []
  for (const event of events) {
    const last = whole.at(-1)
    if (event.type === 'text' && last?.type === 'text') whole.splice(-1, 1, { ...last, text: last.text + event.text })
    else if (event.type === 'reasoning' && last?.type === 'reasoning' && last.signature === undefined) {
      whole.splice(-1, 1, { ...last, ...event, text: last.text + event.text })
    } else if (event.type === 'tool-input' && last?.type === 'tool-input' && last.id === event.id) {
      whole.splice(-1, 1, { ...last, text: last.text + event.text })
    } else whole.push(event)
  }
  return whole
}

export function resultOf(events: readonly ChatEvent[]): ChatResult {
  const collector = new Collector()
  for (const event of events) collector.add(event)
  return collector.result()
}

/** The failure of a reading, which must be a `ChatError`. When a group of one gave up, its only attempt. */
export function chatErrorOf(reading: Reading, what: string): ChatError {
  const { failure, events } = reading
  assert.ok(failure !== undefined, `${what}: the stream did not fail, but gave ${shown(events)}`)
  const { error } = failure
  assert.ok(error instanceof ChatError, `${what}: expected a ChatError, got ${String(error)}`)
  if (error.code !== 'exhausted') return error
  const [attempt, ...others] = error.attempts ?? []
  assert.ok(attempt !== undefined && others.length === 0, `${what}: a group of one made ${others.length + 1} attempts`)
  return attempt
}

/** The events of a reading that must not have failed. */
export function eventsOf(reading: Reading, what: string): readonly ChatEvent[] {
  const { failure, events } = reading
  assert.ok(failure === undefined, `${what}: the stream threw ${String(failure?.error)}`)
  return events
}

const shown = (events: readonly ChatEvent[]): string => JSON.stringify(joined(events)).slice(0, 300)

/** The result of the promise, or a failed assertion after this many milliseconds. */
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

/** Lets the event loop turn this many times: whatever waits for nothing is done by then. */
export async function turns(count: number): Promise<void> {
  for (let at = 0; at < count; at++) await turn()
}
