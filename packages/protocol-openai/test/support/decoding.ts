import { ChatError, type DecodedEvent, detect, type Frame, type Sink } from '@rivulet/core'
import { decode } from '../../src/decode.ts'

export type Decode = (emit: (event: DecodedEvent) => void) => Sink<Frame>

/** What became of an answer: what was said, and what it broke with. */
export interface Outcome {
  events: DecodedEvent[]
  /** The `ChatError`, as code and message; anything else is thrown on. */
  failure?: { code: string; message: string }
}

/** Reads a body, whole or in chunks, to its end or to the first `finish`, as the loop over bytes does. */
export function read(
  body: string | readonly Uint8Array[],
  contentType = 'text/event-stream',
  dialect: Decode = decode,
): Outcome {
  const chunks = typeof body === 'string' ? [Buffer.from(body)] : body
  const events: DecodedEvent[] = []
  const hasEnded = (): boolean => events.at(-1)?.type === 'finish'
  const sink = detect(contentType)(
    dialect((event) => {
      if (!hasEnded()) events.push(event)
    }),
  )
  try {
    for (const chunk of chunks) if (!hasEnded()) sink.push(chunk)
    if (!hasEnded()) sink.end()
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    if (!hasEnded()) return { events, failure: { code: error.code, message: error.message } }
  }
  return { events }
}

/** Chunks as server-sent events, with the end mark behind them. */
export const stream = (...chunks: (object | string)[]): string => `${cutOff(...chunks)}data: [DONE]\n\n`

/** The same, cut off before the end mark. */
export const cutOff = (...chunks: (object | string)[]): string =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('')

export const chunk = (delta: object, rest: object = {}): object => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  model: 'gpt-4',
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
})
export const say = (content: string): object => chunk({ content })
export const done = (reason = 'stop'): object => chunk({}, { finish_reason: reason })
export const message = (fields: object, reason: string | null = 'stop'): string =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion',
    model: 'gpt-4',
    choices: [{ index: 0, message: { role: 'assistant', ...fields }, finish_reason: reason }],
  })

export const start: DecodedEvent = { type: 'start', model: 'gpt-4', id: 'c1' }
export const text = (words: string): DecodedEvent => ({ type: 'text', text: words })
export const finish = (reason: Extract<DecodedEvent, { type: 'finish' }>['reason'] = 'stop'): DecodedEvent => ({
  type: 'finish',
  reason,
})

/** The events without `start` and `finish`. */
export const contentOf = ({ events }: Outcome): DecodedEvent[] =>
  events.filter(({ type }) => type !== 'start' && type !== 'finish')
