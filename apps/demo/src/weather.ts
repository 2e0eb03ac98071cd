import { ChatError } from '@rivulet/core'
import { didYouMean, isRecord } from '@rivulet/core/provider'
import { type Fault, isDialectId, type Simulator } from '@rivulet/simulator'

/** After so many tokens a simulated provider breaks in the middle of its answer: about a second, enough to have read some. */
const AFTER_EVENTS = 60

/** The faults that the page can give to a simulated provider, each with a sentence for people. */
export const FAULTS = {
  kill: { label: 'dies in the middle', fault: { kind: 'reset-mid-stream', afterEvents: AFTER_EVENTS } },
  cut: { label: 'ends too early', fault: { kind: 'truncate', afterEvents: AFTER_EVENTS } },
  stall: { label: 'falls silent', fault: { kind: 'stall-mid-stream', afterEvents: AFTER_EVENTS } },
  slow: { label: 'is slow', fault: { kind: 'slow-accept', delayMs: 6000 } },
  busy: { label: 'asks to wait (429)', fault: { kind: 'retry-after', value: 20 } },
  key: { label: 'refuses the key (401)', fault: { kind: 'wrong-key' } },
  html: { label: 'sends a web page', fault: { kind: 'html-200' } },
  error: { label: 'sends an error as a success', fault: { kind: 'json-error-200' } },
} as const satisfies Readonly<Record<string, { label: string; fault: Fault }>>

export type FaultName = keyof typeof FAULTS

/** A fault that is asked for: `undefined` clears it; with `times`, it passes after so many requests. */
export interface FaultRequest {
  provider: string
  fault: string | undefined
  times: number | undefined
}

/**
 * Reads the body of `PUT /api/faults`: `{ provider, fault: 'cut' | … | null, times? }`.
 *
 * @throws ChatError `bad-request` that names the mistake.
 */
export function parseFaultRequest(body: unknown): FaultRequest {
  const example = '{ "provider": "openai", "fault": "cut" }'
  if (!isRecord(body) || typeof body.provider !== 'string') {
    throw new ChatError('bad-request', `the body must name a provider and a fault, as in ${example}`)
  }
  const { provider, fault, times } = body
  if (fault !== null && typeof fault !== 'string') {
    throw new ChatError('bad-request', `the body: fault must be a name, or null for none, as in ${example}`)
  }
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0)) {
    throw new ChatError('bad-request', 'the body: times must be a whole number above 0')
  }
  return { provider, fault: fault ?? undefined, times: times === undefined ? undefined : Number(times) }
}

/** The faults of the simulated providers. */
export class Weather {
  readonly #simulator: Simulator
  readonly #isSimulated: (provider: string) => boolean

  constructor(simulator: Simulator, isSimulated: (provider: string) => boolean) {
    this.#simulator = simulator
    this.#isSimulated = isSimulated
  }

  /** The name of a provider's fault, or the simulator's word for one that was set elsewhere. */
  of(provider: string): string | undefined {
    if (!isDialectId(provider) || !this.#isSimulated(provider)) return undefined
    const kind = this.#simulator.faultOf(provider)?.kind
    if (kind === undefined) return undefined
    return Object.entries(FAULTS).find(([, { fault }]) => fault.kind === kind)?.[0] ?? kind
  }

  /** @throws ChatError for a provider that is not simulated, and for a fault that there is not. */
  set({ provider, fault: name, times }: FaultRequest): void {
    if (!isDialectId(provider) || !this.#isSimulated(provider)) {
      throw new ChatError('not-found', `"${provider}" is not a simulated provider: only those can be told to fail`)
    }
    if (name === undefined) {
      this.#simulator.fault(provider, undefined)
      return
    }
    if (!isFaultName(name)) {
      const names = Object.keys(FAULTS)
      throw new ChatError(
        'bad-request',
        `unknown fault "${name}".${didYouMean(name, names)} Faults: ${names.join(', ')}.`,
      )
    }
    this.#simulator.fault(provider, { ...FAULTS[name].fault, ...(times !== undefined && { times }) })
  }

  /** No provider has a fault. */
  clear(): void {
    for (const { id } of this.#simulator.dialects) this.#simulator.fault(id, undefined)
  }
}

/** Whether there is such a fault. */
export const isFaultName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name)
