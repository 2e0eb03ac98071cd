import type { ChatEvent, ChatRequest } from '../../src/chat.ts'
import { ChatError } from '../../src/errors.ts'
import type { CallOptions, Provider } from '../../src/provider.ts'
import { info, finish, start, textEvent } from '../support/providers.ts'

/** What one attempt does: its events, then its failure. */
export interface Script {
  events: readonly ChatEvent[]
  failure?: unknown
}

export const cut = (partial = 'cut'): ChatError =>
  new ChatError('truncated', `local: ${partial} off`, { provider: 'local' })
export const says = (...texts: string[]): Script => ({ events: [start, ...texts.map(textEvent), finish] })
/** Breaks after these texts. */
export const breaks = (...texts: string[]): Script => ({ events: [start, ...texts.map(textEvent)], failure: cut() })
export const fails = (failure: unknown): Script => ({ events: [start], failure })

/** A provider whose attempts follow a script, the last one again and again. It keeps what it was asked. */
export function scripted(...scripts: readonly Script[]): Provider & {
  readonly requests: ChatRequest[]
  readonly calls: (CallOptions | undefined)[]
  readonly open: () => number
} {
  const requests: ChatRequest[] = []
  const calls: (CallOptions | undefined)[] = []
  let open = 0
  return {
    id: 'local',
    info,
    requests,
    calls,
    open: () => open,
    async *stream(request, call) {
      const script = scripts[Math.min(requests.length, scripts.length - 1)]
      requests.push(request)
      calls.push(call)
      open++
      try {
        for (const event of script?.events ?? []) yield event
        // What a provider of anybody's throws may be anything.
        if (script?.failure !== undefined) throw script.failure as Error
      } finally {
        open--
      }
    },
  }
}

export async function read<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}
