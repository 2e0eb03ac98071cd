import assert from 'node:assert/strict'
import { ChatError, type ChatEvent, type ChatRequest, type Provider, type RecordedExchange } from '@rivulet/core'
import { replay } from '@rivulet/testkit'
import { subjectOf } from '../subjects.ts'

/** What the reader received. */
export interface Outcome {
  events: ChatEvent[]
  /** The code of the `ChatError` at the end. */
  code?: string
  message?: string
}

export async function read(provider: Provider, request: ChatRequest): Promise<Outcome> {
  const events: ChatEvent[] = []
  try {
    for await (const event of provider.stream(request)) events.push(event)
    return { events }
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    return { events, code: error.code, message: error.message }
  }
}

export function outcomeOf({ events, code }: Outcome): string {
  const text = events.reduce((all, event) => (event.type === 'text' ? all + event.text : all), '')
  return `${events.length} events${code === undefined ? '' : `, then ${code}`}: ${JSON.stringify(text.slice(0, 60))}`
}

/** Plays a recording back. `undefined` when it gives the same events again, else the difference: lines to print. */
export async function replayDiff(
  id: string,
  request: ChatRequest,
  exchange: RecordedExchange,
  before: Outcome,
): Promise<string | undefined> {
  const { provider } = await subjectOf(id)
  const after = await read(provider({ transport: replay({ from: exchange }) }), request)
  try {
    // The message of an error may differ.
    assert.deepStrictEqual(joined(after), joined(before))
    return undefined
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error
    return after.code !== before.code && after.message !== undefined ? after.message : error.message
  }
}

/** A replay may join pieces that arrived apart: their texts are compared joined. */
function joined({ events, code }: Outcome): unknown {
  const texts = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'text' || event.type === 'reasoning') {
      texts.set(event.type, (texts.get(event.type) ?? '') + event.text)
    }
  }
  return { code, texts: [...texts], others: events.filter(({ type }) => type !== 'text' && type !== 'reasoning') }
}
