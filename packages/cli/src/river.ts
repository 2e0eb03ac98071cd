import { type Layer, pipe, type Provider } from '@rivulet/core'
import { type BreakerStore, memoryBreakerStore, providersFromEnv, rivulet, type Rivulet } from 'rivulet'
import { note } from './terminal.ts'

/** How the providers are put together. */
export interface RiverSetup {
  /** Around each provider. */
  readonly layer?: Layer | undefined
  /** Of their circuit breakers. @default in memory */
  readonly store?: BreakerStore | undefined
}

/** The providers that answer. */
export interface OpenRiver extends AsyncDisposable {
  readonly river: Rivulet
  /** A simulator answers. */
  readonly isSimulated: boolean
}

/**
 * The providers that the environment configures; with none, those of a simulator in this process, which is said on stderr.
 *
 * @throws TypeError when the environment configures only such as are wrong.
 */
export async function openRiver({ layer, store = memoryBreakerStore() }: RiverSetup = {}): Promise<OpenRiver> {
  const over = (providers: readonly Provider[]): Rivulet =>
    rivulet({
      providers: layer === undefined ? providers : providers.map((each) => pipe(each, layer)),
      breaker: { store },
    })
  const providers = providersFromEnv()
  if (providers.length > 0) {
    return { river: over(providers), isSimulated: false, [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  const { openSimulation } = await import('./simulation.ts')
  const simulation = await openSimulation()
  note(
    'no provider is configured: a simulator answers. Set OPENAI_API_KEY or another variable that "rivulet doctor" lists.',
  )
  return {
    river: over(simulation.providers),
    isSimulated: true,
    [Symbol.asyncDispose]: () => simulation.close(),
  }
}
