import { ChatError, type ChatRequest, type Provider } from '@rivulet/core'
import { isContent } from '@rivulet/core/provider'

export type Outcomes = Map<string, number>

/** Begins the name of an outcome that must not be. */
export const WRONG = 'wrong: '

/** Every tenth reader breaks at the first content, and every tenth aborts there. */
const TENTH = 10

/** Reads one stream, and returns its outcome. */
async function one(provider: Provider, request: ChatRequest, signal: AbortSignal, at: number): Promise<string> {
  const own = new AbortController()
  const aborts = at % TENTH === 1
  try {
    for await (const event of provider.stream(request, { signal: aborts ? own.signal : signal })) {
      if (!isContent(event)) continue
      if (at % TENTH === 0) return 'cancelled by its reader'
      if (aborts) own.abort()
    }
    return 'whole'
  } catch (error) {
    if (error instanceof ChatError) return error.code
    return error === own.signal.reason ? 'aborted' : `${WRONG}not a ChatError: ${String(error)}`
  }
}

export interface Load {
  provider: Provider
  request: ChatRequest
  signal: AbortSignal
  /** Called after each stream. */
  onStream: () => void
}

const question = (request: ChatRequest, at: number): ChatRequest => ({
  ...request,
  // A new question each time: the simulator decides about faults by the question.
  messages: [{ role: 'user', content: `count to ${3 + (at % 40)}, for the ${at}th time` }],
})

/** Reads `count` streams, `atOnce` at a time. */
export const streams = (
  { provider, request, signal, onStream }: Load,
  count: number,
  atOnce: number,
): Promise<Outcomes> =>
  counted(count, atOnce, async (at) => {
    const outcome = await one(provider, question(request, at), signal, at)
    onStream()
    return outcome
  })

/** Counts the outcomes of `count` runs, `atOnce` at a time. */
export async function counted(count: number, atOnce: number, run: (at: number) => Promise<string>): Promise<Outcomes> {
  const outcomes: Outcomes = new Map()
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) {
      const outcome = await run(at)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return outcomes
}
