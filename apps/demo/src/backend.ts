import {
  ChatError,
  type ChatEvent,
  type ChatRequest,
  type Clock,
  type Provider,
  type ProviderOptions,
} from '@rivulet/core'
import { didYouMean } from '@rivulet/core/provider'
import { simulator, type SimulatorOptions, type Simulator } from '@rivulet/simulator'
import { hedge, providersFromEnv, rivulet, type RivuletOptions, type ServedModel } from 'rivulet'
import { simulatedProviders } from './simulated-providers.ts'
import { Watch } from './watch/watch.ts'
import { Weather } from './weather.ts'

/** A provider, and whether it is simulated. */
export interface Member {
  provider: Provider
  simulated: boolean
}

/** A chat request. Without a provider, any answers; without a model, each is asked for its first one. */
export interface Question extends Omit<ChatRequest, 'model'> {
  model?: string | undefined
  provider?: string | undefined
}

/** The providers of the demo and their simulator. */
export interface Backend extends AsyncDisposable {
  readonly members: readonly Member[]
  readonly simulator: Simulator
  /** What happens, for the pages that watch. */
  readonly watch: Watch
  /** The faults of the simulated providers. */
  readonly weather: Weather
  /** All providers that answer without being named, as one; its answers are watched. */
  readonly river: Provider
  /** The models that can be requested without naming a provider. */
  models(): Promise<ServedModel[]>
  /**
   * Streams an answer. Throws a `TypeError` at the call for an invalid question.
   *
   * @param answer The id of its report.
   */
  ask(question: Question, signal: AbortSignal, answer?: string): AsyncIterable<ChatEvent>
}

/** The name that stands for any model: of each provider, its first. */
export const ANY_MODEL = 'any'

/** A simulated provider is silent only with a fault: nobody should wait long to see what follows. */
const DEADLINES: ProviderOptions['deadlines'] = { connectMs: 5_000, firstTokenMs: 10_000, idleMs: 2_500 }

/** One person asks, and rarely: two failures say as much as many would on a busy server. */
const BREAKER: RivuletOptions['breaker'] = { failures: 2, cooldownMs: 5_000 }

/** How long a simulated provider may be silent before the next one is asked as well, in milliseconds. */
const HEDGE_MS = 900

/**
 * Starts the simulator and collects the providers: those that the environment configures, and simulated ones. A real
 * provider replaces its simulated counterpart.
 */
export async function openBackend(
  options: Pick<SimulatorOptions, 'pace'> & { clock?: Clock | undefined } = {},
): Promise<Backend> {
  const { pace = 'natural', clock } = options
  const real = providersFromEnv()
  const sim = await simulator({ pace })
  const isReal = (id: string): boolean => real.some((provider) => provider.id === id)
  const weather = new Weather(sim, (id) => !isReal(id))
  const watch = new Watch({ clock, faultOf: (id) => weather.of(id) })
  const simulated = simulatedProviders(sim, { deadlines: { ...DEADLINES, clock } }).filter(({ id }) => !isReal(id))
  const members = [
    ...real.map((provider) => ({ provider, simulated: false })),
    ...simulated.map((provider) => ({ provider, simulated: true })),
  ].map(({ provider, simulated: isSimulated }) => ({
    provider: watch.member({ provider, simulated: isSimulated }),
    simulated: isSimulated,
  }))
  // With a real provider, a simulated answer must never replace a failed real one: it must be requested by name.
  const asked = members.filter((member) => member.simulated === (real.length === 0)).map(({ provider }) => provider)
  const first = asked.flatMap(({ id, info }) => info.models.slice(0, 1).map((model) => `${id}/${model.id}`))
  const group = rivulet({
    providers: asked,
    ...(first.length > 0 && { aliases: { [ANY_MODEL]: first } }),
    // An answer that breaks in the middle is answered again by the next provider: the page draws what it has last.
    onBreak: 'restart',
    breaker: { ...BREAKER, store: watch.breakers },
    // A hedge asks twice when the first is slow, which costs money where the providers are real.
    ...(real.length === 0 && { group: (all, rules) => hedge(all, { ...rules, afterMs: HEDGE_MS }) }),
    clock,
  })

  return {
    members,
    simulator: sim,
    watch,
    weather,
    river: watch.answers(group),
    models: async () => [
      ...(first.length > 0 ? [{ id: ANY_MODEL, name: 'Any model', providers: asked.map(({ id }) => id) }] : []),
      ...(await group.models()),
    ],
    ask({ provider: id, model: name, ...question }, signal, answer) {
      const member = id === undefined ? undefined : memberOf(members, id)
      const ofMember = member?.info.models[0]?.id ?? ''
      const model = name ?? (member === undefined ? ANY_MODEL : ofMember)
      // A provider requested by name reports its own error, not that of a group of one. A conversation may move between
      // providers: a temperature that one of them does not support is left out.
      return watch.answers(member ?? group, answer).stream({ model, ...question }, { signal, unsupported: 'drop' })
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
