import { isDeepStrictEqual } from 'node:util'
import { ChatError, type ChatEvent, type ChatRequest, type Provider } from '@rivulet/core'
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

/** Whether a recording gives the same events again. The message of an error may differ. */
export async function replayed(id: string, request: ChatRequest, file: string, before: Outcome): Promise<boolean> {
  const { provider } = await subjectOf(id)
  const after = await read(provider({ transport: replay({ from: file }) }), request)
  return isDeepStrictEqual(joined(after), joined(before))
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
