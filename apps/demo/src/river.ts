import { ChatError, type ChatEvent, type ChatRequest, type Provider, type ProviderOptions } from '@rivulet/core'
import { didYouMean } from '@rivulet/core/provider'
import { simulator, type SimulatorOptions, type Simulator } from '@rivulet/simulator'
import { providersFromEnv, rivulet, type ServedModel } from 'rivulet'
import { playedBy } from './played.ts'

/** A provider, and whether it is only played by the simulator. */
export interface Member {
  provider: Provider
  simulated: boolean
}

/** What is asked. Without a provider, whoever serves the model answers; without a model, the first one is taken. */
export interface Question extends Pick<ChatRequest, 'messages' | 'temperature'> {
  model?: string | undefined
  provider?: string | undefined
}

/** Everyone who can be asked here. */
export interface River extends AsyncDisposable {
  readonly members: readonly Member[]
  readonly simulator: Simulator
  /** The models that can be asked for without naming a provider. */
  models(): Promise<ServedModel[]>
  /** Asks. A mistake in the question is a `TypeError` at the call. */
  ask(question: Question, signal: AbortSignal): AsyncIterable<ChatEvent>
}

/** The simulator never stalls unless it is told to; then the reader should not wait for ever. */
const PATIENCE: ProviderOptions = {
  // A conversation may wander from one provider to the next: a temperature that one has no place for is left out.
  unsupported: 'ignore',
  deadlines: { connectMs: 5_000, firstTokenMs: 30_000, idleMs: 30_000 },
}

/**
 * Starts the simulator and gathers who can be asked: the providers that the environment configures, and the simulated
 * ones beside them. A real provider takes the place of its simulated twin.
 */
export async function openRiver(options: Pick<SimulatorOptions, 'pace'> = {}): Promise<River> {
  const real = providersFromEnv()
  const sim = await simulator({ pace: 'natural', ...options })
  const played = playedBy(sim, PATIENCE).filter(({ id }) => !real.some((provider) => provider.id === id))
  const members = [
    ...real.map((provider) => ({ provider, simulated: false })),
    ...played.map((provider) => ({ provider, simulated: true })),
  ]
  // Where there is a real provider, a made-up answer must never stand in for a failed one: it has to be asked by name.
  const river = rivulet({ providers: real.length > 0 ? real : played })

  return {
    members,
    simulator: sim,
    models: () => river.models(),
    ask({ provider: id, model: name, messages, temperature }, signal) {
      const member = id === undefined ? undefined : memberOf(members, id)
      const model = name ?? (member ?? river.providers[0])?.info.models[0]?.id ?? ''
      const request = { model, messages, ...(temperature !== undefined && { temperature }) }
      // A provider that was named fails in its own words, not as a group of one.
      return (member ?? river).stream(request, { signal })
    },
    [Symbol.asyncDispose]: () => sim.close(),
  }
}

function memberOf(members: readonly Member[], id: string): Provider {
  const ids = members.map(({ provider }) => provider.id)
  const provider = members.find((member) => member.provider.id === id)?.provider
  if (provider !== undefined) return provider
  const message = `There is no provider "${id}".${didYouMean(id, ids)} Providers: ${ids.join(', ')}.`
  throw new ChatError('not-found', message, { provider: id })
}
