import type { ChatEvent, Provider, ProviderOptions } from '@rivulet/core'
import type { DialectId, Simulator } from '@rivulet/simulator'
import { anthropic, google, gravityengine, liaobots, lockchat, ollama, openai } from 'rivulet'

type ProviderFactory = (options: ProviderOptions & { baseUrl: string }) => Provider

const key = { apiKey: 'demo' }

/** The provider for each dialect of the simulator, the most common first. Add a new dialect here. */
const FACTORIES: Readonly<Record<DialectId, ProviderFactory>> = {
  openai: (options) => openai({ ...options, ...key }),
  'openai-responses': (options) => openai({ ...options, ...key, api: 'responses' }),
  anthropic: (options) => anthropic({ ...options, ...key }),
  google: (options) => google({ ...options, ...key }),
  ollama: (options) => ollama(options),
  lockchat: (options) => lockchat(options),
  liaobots: (options) => liaobots({ ...options, auth: 'demo' }),
  gravityengine: (options) => gravityengine(options),
}

/** One provider for each dialect of a simulator, with the models that the simulator has. */
export function simulatedProviders(sim: Simulator, options: ProviderOptions): Provider[] {
  // Object.entries widens the keys to string.
  return (Object.entries(FACTORIES) as [DialectId, ProviderFactory][]).map(([dialect, factory]) => {
    const provider = factory({ ...options, baseUrl: sim.baseUrl(dialect) })
    const models = new Set(sim.dialects.find(({ id }) => id === dialect)?.models)
    const info = { ...provider.info, models: provider.info.models.filter(({ id }) => models.has(id)) }
    if (provider.id === dialect) return { ...provider, info }
    // One provider with two dialects appears as two providers on the page.
    return {
      ...provider,
      id: dialect,
      info: { ...info, name: `${info.name} Responses` },
      stream: (request, call) => withProviderId(dialect, provider.stream(request, call)),
    }
  })
}

async function* withProviderId(id: string, events: AsyncIterable<ChatEvent>): AsyncGenerator<ChatEvent, undefined> {
  for await (const event of events) yield event.type === 'start' ? { ...event, provider: id } : event
}
