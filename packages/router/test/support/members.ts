import { ChatError, type ChatEvent, type ChatRequest, type Provider } from '@rivulet/core'

/** What a member does in one call: gives these events, and throws the errors. */
export type Script = readonly (ChatEvent | Error)[]

export interface Member extends Provider {
  /** The requests whose streams were read. */
  readonly requests: ChatRequest[]
  /** How many of its streams were closed before their end. */
  cancelled: number
}

/** A provider that plays a script for each call in turn, the last one again and again. */
export function member(id: string, ...scripts: Script[]): Member {
  const requests: ChatRequest[] = []
  const made: Member = {
    id,
    info: { name: id, url: `http://${id}.example`, auth: 'none', streaming: true, models: [{ id: 'm' }], settings: [] },
    requests,
    cancelled: 0,
    async *stream(request, call) {
      const script = scripts[Math.min(requests.length, scripts.length - 1)] ?? []
      requests.push(request)
      let over = false
      try {
        yield { type: 'start', provider: id, model: request.model }
        for (const step of script) {
          call?.signal?.throwIfAborted()
          if (step instanceof Error) {
            over = true
            throw step
          }
          yield step
        }
        over = true
      } finally {
        if (!over) made.cancelled++
      }
    },
  }
  return made
}

export const text = (value: string): ChatEvent => ({ type: 'text', text: value })
export const finish: ChatEvent = { type: 'finish', reason: 'stop' }
export const failure = (code: ChatError['code']): ChatError => new ChatError(code, `it says ${code}`)

export const REQUEST: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

export async function eventsOf(stream: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  return Array.fromAsync(stream)
}
