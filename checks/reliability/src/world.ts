import { type ChatEvent, deadlines, observe, pipe, type Provider } from '@rivulet/core'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { type Simulator, simulator } from '@rivulet/simulator'
import { MODEL } from './questions.ts'
import { type Strikes, striking } from './strike.ts'

/** Two simulators of one seed on loopback: they mean to say the same, and one of them takes its time. */
export interface World extends AsyncDisposable {
  quick: Simulator
  slow: Simulator
}

export async function world(seed: number): Promise<World> {
  // Lenient, because a last message that is gone on from carries `prefix`, which OpenAI's own endpoint has no field for.
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

/** The members of a group, each as bad as its name says. */
export interface Members {
  /** Nobody listens there. */
  dead: Provider
  /** A part of its streams breaks. */
  failing: Provider
  /** The same, and other streams. */
  failingToo: Provider
  /** It answers everything, and each answer takes its time. */
  slow: Provider
}

export interface MembersOptions extends Strikes {
  /** Told of each event of a member, before its group has it. */
  onEvent: (event: ChatEvent) => void
}

/** An endpoint that falls silent is given up after this, in milliseconds. */
const SILENCE_MS = 400
/** One that never ends, after this. */
const ENDLESS_MS = 1500

/** All of them go on from a begun answer. */
export function membersOf({ quick, slow }: World, options: MembersOptions): Members {
  const seen = (provider: Provider): Provider => pipe(provider, observe({ onEvent: options.onEvent }))
  const impatient = deadlines({ firstTokenMs: SILENCE_MS, idleMs: SILENCE_MS, totalMs: ENDLESS_MS })
  const failing = (id: string): Provider =>
    seen(pipe(member(id, quick.baseUrl('openai')), impatient, striking(options)))
  return {
    // The first port of all is nobody's.
    dead: member('dead', 'http://127.0.0.1:1'),
    failing: failing('failing'),
    failingToo: failing('failing-too'),
    slow: seen(member('slow', slow.baseUrl('openai'))),
  }
}

/** A member without faults: what it says is what everybody means to say. */
export const referenceOf = ({ quick }: World): Provider => member('reference', quick.baseUrl('openai'))

function member(id: string, baseUrl: string): Provider {
  return openaiCompatible({ id, baseUrl, apiKey: 'demo', models: [{ id: MODEL }], quirks: { prefix: true } })
}
