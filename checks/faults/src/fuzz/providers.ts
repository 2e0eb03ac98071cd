import assert from 'node:assert/strict'
import { ChatError, type ChatEvent, type Transport } from '@rivulet/core'
import type { Subject } from '@rivulet/testkit'
import type { Stream } from './streams.ts'

/** Reads after the end of the answer, including the one that reports it. */
const MORE_PULLS = 6
/** Events that no byte accounts for: start, finish, and a frame that the end completes. */
const MORE_EVENTS = 8

const NUMBERS = ['inputTokens', 'outputTokens', 'cachedTokens', 'reasoningTokens'] as const

/** A transport that plays a stream from memory, and counts its reads. */
function playing({ contentType, pieces, breaks }: Stream): { transport: Transport; pulls: () => number } {
  let pulls = 0
  let at = 0
  const next = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    pulls++
    const value = pieces[at++]
    if (value !== undefined) return Promise.resolve({ done: false, value })
    return breaks
      ? Promise.reject(new Error('the connection broke'))
      : Promise.resolve({ done: true, value: undefined })
  }
  const body = {
    [Symbol.asyncIterator]: () => ({ next, return: () => Promise.resolve({ done: true, value: undefined } as const) }),
  }
  const headers = { ...(contentType !== '' && { 'content-type': contentType }) }
  return { transport: () => Promise.resolve({ status: 200, headers, body }), pulls: () => pulls }
}

/** The laws of a provider that hold for every stream. Rejects when one is broken. */
export async function checkProvider({ name, provider, request }: Subject, stream: Stream): Promise<void> {
  const size = stream.pieces.reduce((sum, { length }) => sum + length, 0)
  const { transport, pulls } = playing(stream)
  const events: ChatEvent[] = []
  let failure: { error: unknown } | undefined
  try {
    for await (const event of provider({ transport }).stream(request)) {
      events.push(event)
      assert.ok(events.length <= size + MORE_EVENTS, `${name}: more events than bytes`)
    }
  } catch (error) {
    failure = { error }
  }
  if (failure !== undefined && !(failure.error instanceof ChatError)) throw failure.error
  assert.ok(pulls() <= stream.pieces.length + MORE_PULLS, `${name}: ${pulls()} reads of ${stream.pieces.length} pieces`)
  checkEvents(name, events, failure === undefined)
  const text = events.reduce((sum, event) => sum + (event.type === 'text' ? event.text.length : 0), 0)
  // An invalid byte becomes one character; arguments given as an object become JSON of no greater length.
  assert.ok(text <= size, `${name}: ${text} characters of ${size} bytes`)
}

function checkEvents(name: string, events: readonly ChatEvent[], ended: boolean): void {
  const finishes = events.filter(({ type }) => type === 'finish')
  assert.equal(
    finishes.length,
    ended ? 1 : 0,
    `${name}: ${finishes.length} finish events, ${ended ? 'ended' : 'failed'}`,
  )
  if (ended) assert.equal(events.at(-1)?.type, 'finish', `${name}: the last event`)
  assert.ok(events.filter(({ type }) => type === 'start').length <= 1, `${name}: two starts`)
  const calls = new Set<string>()
  for (const event of events) {
    if (event.type === 'tool-call') calls.add(event.id)
    if (event.type === 'tool-input') assert.ok(calls.has(event.id), `${name}: arguments of no call`)
    if (event.type !== 'finish') continue
    for (const number of NUMBERS) {
      const count = event.usage?.[number] ?? 0
      assert.ok(Number.isFinite(count), `${name}: usage.${number} is ${count}`)
    }
  }
}
