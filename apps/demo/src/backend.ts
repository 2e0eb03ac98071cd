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

/** All simulated providers as one, also where there are real ones: for the stories of the page. */
const SIMULATOR = 'simulator'

/** A simulated provider is silent only with a fault, and what follows is soon seen. */
const DEADLINES: ProviderOptions['deadlines'] = { connectMs: 5_000, firstTokenMs: 10_000, idleMs: 2_500 }

/** One person asks, and rarely: two failures say as much as many would on a busy server. */
const BREAKER: RivuletOptions['breaker'] = { failures: 2, cooldownMs: 5_000 }

/** How long a simulated provider may be silent before the next one is asked as well, in milliseconds. */
const HEDGE_MS = 1500

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
  const groupOf = (isSimulated: boolean): Group => {
    const asked = members.filter((member) => member.simulated === isSimulated).map(({ provider }) => provider)
    const first = asked.flatMap(({ id, info }) => info.models.slice(0, 1).map((model) => `${id}/${model.id}`))
    const group = rivulet({
      providers: asked,
      ...(first.length > 0 && { aliases: { [ANY_MODEL]: first } }),
      // An answer that breaks in the middle is answered again by the next provider: the page draws what it has last.
      onBreak: 'restart',
      breaker: { ...BREAKER, store: watch.breakers },
      // A hedge asks twice when the first is slow, which costs money where the providers are real.
      ...(isSimulated && { group: (all, rules) => hedge(all, { ...rules, afterMs: HEDGE_MS }) }),
      clock,
    })
    const any = first.length > 0 ? [{ id: ANY_MODEL, name: 'Any model', providers: asked.map(({ id }) => id) }] : []
    return { provider: group, models: async () => [...any, ...(await group.models())] }
  }
  const ofSimulated = simulated.length > 0 ? groupOf(true) : undefined
  // With a real provider, a simulated answer must never replace a failed real one: it must be requested by name.
  const { provider: group, models } = real.length === 0 && ofSimulated !== undefined ? ofSimulated : groupOf(false)
  const byName = new Map(members.map(({ provider }) => [provider.id, provider]))
  if (ofSimulated !== undefined) byName.set(SIMULATOR, ofSimulated.provider)

  return {
    members,
    simulator: sim,
    watch,
    weather,
    river: watch.answers(group),
    models,
    ask({ provider: id, model: name, ...question }, signal, answer) {
      const asked = id === undefined ? group : providerOf(byName, id)
      const ofMember = asked.info.models[0]?.id ?? ANY_MODEL
      const model = name ?? (id === undefined || id === SIMULATOR ? ANY_MODEL : ofMember)
      // A provider requested by name reports its own error, not that of a group of one. A conversation may move between
      // providers: a temperature that one of them does not support is left out.
      return watch.answers(asked, answer).stream({ model, ...question }, { signal, unsupported: 'drop' })
    },
    [Symbol.asyncDispose]: () => sim.close(),
  }
}

/** Providers as one, and the models that can be asked there. */
interface Group {
  provider: Provider
  models: () => Promise<ServedModel[]>
}

function providerOf(providers: ReadonlyMap<string, Provider>, id: string): Provider {
  const found = providers.get(id)
  if (found !== undefined) return found
  const ids = [...providers.keys()]
  const message = `Unknown provider "${id}".${didYouMean(id, ids)} Providers: ${ids.join(', ')}.`
  throw new ChatError('not-found', message, { provider: id })
}
