import { type ChatEvent, deadlines, observe, pipe, type Provider } from '@rivulet/core'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { type Simulator, simulator } from '@rivulet/simulator'
import { MODEL } from './questions.ts'
import { type Strikes, striking } from './strike.ts'

/** Two simulators with one seed on loopback: their answers are equal, and one of them is slow. */
export interface World extends AsyncDisposable {
  quick: Simulator
  slow: Simulator
}

export async function world(seed: number): Promise<World> {
  // Lenient, because a message to be continued carries `prefix`, a field that OpenAI's own endpoint does not have.
  const quick = await simulator({ seed, lenient: true })
  const slow = await simulator({ seed, lenient: true, pace: { firstTokenMs: 100, tokensPerSecond: 400 } })
  return {
    quick,
    slow,
    async [Symbol.asyncDispose]() {
      await Promise.all([quick.close(), slow.close()])
    },
  }
}

/** The members of a group, by their faults. */
export interface Members {
  /** Nothing listens at its address. */
  dead: Provider
  /** A fraction of its streams breaks. */
  failing: Provider
  /** Like `failing`, but other streams break. */
  failingToo: Provider
  /** Answers everything, slowly. */
  slow: Provider
}

export interface MembersOptions extends Strikes {
  /** Called with each event of a member, before the group sees it. */
  onEvent: (event: ChatEvent) => void
}

/** A member's deadline for silence, in milliseconds. */
const SILENCE_MS = 400
/** A member's deadline for the whole answer, in milliseconds. */
const ENDLESS_MS = 1500

/** All members can continue a begun answer. */
export function membersOf({ quick, slow }: World, options: MembersOptions): Members {
  const seen = (provider: Provider): Provider => pipe(provider, observe({ onEvent: options.onEvent }))
  const impatient = deadlines({ firstTokenMs: SILENCE_MS, idleMs: SILENCE_MS, totalMs: ENDLESS_MS })
  const failing = (id: string): Provider =>
    seen(pipe(member(id, quick.baseUrl('openai')), impatient, striking(options)))
  return {
    // Port 1 has no listener.
    dead: member('dead', 'http://127.0.0.1:1'),
    failing: failing('failing'),
    failingToo: failing('failing-too'),
    slow: seen(member('slow', slow.baseUrl('openai'))),
  }
}

/** A member without faults, which gives the expected answers. */
export const referenceOf = ({ quick }: World): Provider => member('reference', quick.baseUrl('openai'))

function member(id: string, baseUrl: string): Provider {
  return openaiCompatible({ id, baseUrl, apiKey: 'demo', models: [{ id: MODEL }], quirks: { prefix: true } })
}
