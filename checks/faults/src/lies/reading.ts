import { ChatError, type ChatEvent, type ErrorCode, type FinishReason, type Usage } from '@rivulet/core'

/** What a reader of the library gets of an answer. */
export interface Reading {
  text: string
  reasoning: string
  calls: { id: string; name: string; json: string }[]
  /** Absent without a finish. */
  reason?: FinishReason
  usage?: Usage
  /** What the stream threw. */
  error?: { code: ErrorCode; message: string; partial: string }
  /** Laws of every stream that it broke. */
  broken: string[]
}

/** Reads a stream as a user does, event by event. Rejects with what is not a `ChatError`. */
export async function read(stream: AsyncIterable<ChatEvent>): Promise<Reading> {
  const reading: Reading = { text: '', reasoning: '', calls: [], broken: [] }
  try {
    for await (const event of stream) add(reading, event)
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    reading.error = { code: error.code, message: error.message, partial: error.partial?.text ?? '' }
  }
  if (reading.error === undefined && reading.reason === undefined) reading.broken.push('it ends without a finish')
  if (reading.error !== undefined && reading.reason !== undefined) reading.broken.push('it fails after its finish')
  return reading
}

function add(reading: Reading, event: ChatEvent): void {
  if (reading.reason !== undefined) reading.broken.push(`${event.type} after the finish`)
  switch (event.type) {
    case 'text':
      reading.text += event.text
      break
    case 'reasoning':
      reading.reasoning += event.text
      break
    case 'tool-call':
      reading.calls.push({ id: event.id, name: event.name, json: '' })
      break
    case 'tool-input': {
      const calls = reading.calls.filter(({ id }) => id === event.id)
      // Where one id names two calls, a user can't tell whose arguments these are.
      const [call] = calls
      if (call === undefined) reading.broken.push('arguments of a call that has not begun')
      else call.json += event.text
      break
    }
    case 'finish':
      reading.reason = event.reason
      if (event.usage !== undefined) reading.usage = event.usage
      break
    case 'restart':
    case 'resume':
      reading.broken.push(`${event.type} from a provider that is alone`)
      break
    case 'start':
    // What only one dialect has a word for is not compared.
    case 'native':
    case 'raw':
      break
  }
}
