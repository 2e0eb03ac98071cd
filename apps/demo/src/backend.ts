import { ChatError, type ChatEvent, type ChatRequest, type Provider, type ProviderOptions } from '@rivulet/core'
import { didYouMean } from '@rivulet/core/provider'
import { simulator, type SimulatorOptions, type Simulator } from '@rivulet/simulator'
import { providersFromEnv, rivulet, type ServedModel } from 'rivulet'
import { simulatedProviders } from './simulated-providers.ts'

/** A provider, and whether it is simulated. */
export interface Member {
  provider: Provider
  simulated: boolean
}

/** A chat request. Without a provider, any that serves the model answers; without a model, the first one is used. */
export interface Question extends Omit<ChatRequest, 'model'> {
  model?: string | undefined
  provider?: string | undefined
}

/** The providers of the demo and their simulator. */
export interface Backend extends AsyncDisposable {
  readonly members: readonly Member[]
  readonly simulator: Simulator
  /** The models that can be requested without naming a provider. */
  models(): Promise<ServedModel[]>
  /** Streams an answer. Throws a `TypeError` at the call for an invalid question. */
  ask(question: Question, signal: AbortSignal): AsyncIterable<ChatEvent>
}

/** The simulator stalls only with a fault; then the user should not wait forever. */
const PROVIDER_OPTIONS: ProviderOptions = {
  // A conversation may move between providers: omit a temperature that one of them does not support.
  unsupported: 'drop',
  deadlines: { connectMs: 5_000, firstTokenMs: 30_000, idleMs: 30_000 },
}

/**
 * Starts the simulator and collects the providers: those that the environment configures, and simulated ones. A real
 * provider replaces its simulated counterpart.
 */
export async function openBackend(options: Pick<SimulatorOptions, 'pace'> = {}): Promise<Backend> {
  const real = providersFromEnv()
  const sim = await simulator({ pace: 'natural', ...options })
  const simulated = simulatedProviders(sim, PROVIDER_OPTIONS).filter(
    ({ id }) => !real.some((provider) => provider.id === id),
  )
  const members = [
    ...real.map((provider) => ({ provider, simulated: false })),
    ...simulated.map((provider) => ({ provider, simulated: true })),
  ]
  // With a real provider, a simulated answer must never replace a failed real one: it must be requested by name.
  const group = rivulet({ providers: real.length > 0 ? real : simulated })

  return {
    members,
    simulator: sim,
    models: () => group.models(),
    ask({ provider: id, model: name, ...asked }, signal) {
      const member = id === undefined ? undefined : memberOf(members, id)
      const model = name ?? (member ?? group.providers[0])?.info.models[0]?.id ?? ''
      // A provider requested by name reports its own error, not that of a group of one.
      return (member ?? group).stream({ model, ...asked }, { signal })
    },
    [Symbol.asyncDispose]: () => sim.close(),
  }
}

function memberOf(members: readonly Member[], id: string): Provider {
  const ids = members.map(({ provider }) => provider.id)
  const provider = members.find((member) => member.provider.id === id)?.provider
  if (provider !== undefined) return provider
  const message = `Unknown provider "${id}".${didYouMean(id, ids)} Providers: ${ids.join(', ')}.`
  throw new ChatError('not-found', message, { provider: id })
}
