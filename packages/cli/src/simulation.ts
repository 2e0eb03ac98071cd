import type { Provider } from '@rivulet/core'
import { type DialectId, simulator } from '@rivulet/simulator'
import { anthropic, google, openai } from 'rivulet'

/** Any credential will do. */
const apiKey = 'simulated'

const FACTORIES = {
  openai: (baseUrl) => openai({ baseUrl, apiKey }),
  anthropic: (baseUrl) => anthropic({ baseUrl, apiKey }),
  google: (baseUrl) => google({ baseUrl, apiKey }),
} satisfies Partial<Record<DialectId, (baseUrl: string) => Provider>>

/** Starts a simulator, and gives the providers that ask it, with the models that it has. */
export async function openSimulation(): Promise<{ providers: Provider[]; close: () => Promise<void> }> {
  const sim = await simulator({ pace: 'natural' })
  // Object.entries widens the keys to string.
  const factories = Object.entries(FACTORIES) as [keyof typeof FACTORIES, (baseUrl: string) => Provider][]
  const providers = factories.map(([dialect, factory]): Provider => {
    const provider = factory(sim.baseUrl(dialect))
    const models = new Set(sim.dialects.find(({ id }) => id === dialect)?.models)
    return {
      ...provider,
      info: { ...provider.info, models: provider.info.models.filter(({ id }) => models.has(id)) },
    }
  })
  return { providers, close: () => sim.close() }
}
