import type { ChatEvent, Provider, ProviderOptions } from '@rivulet/core'
import type { DialectId, Simulator } from '@rivulet/simulator'
import { anthropic, google, gravityengine, liaobots, lockchat, ollama, openai } from 'rivulet'

type Create = (options: ProviderOptions & { baseUrl: string }) => Provider

const key = { apiKey: 'demo' }

/** Who speaks each dialect of the simulator, those of today first. A new dialect is added here. */
const SPEAKERS: Readonly<Record<DialectId, Create>> = {
  openai: (options) => openai({ ...options, ...key }),
  'openai-responses': (options) => openai({ ...options, ...key, api: 'responses' }),
  anthropic: (options) => anthropic({ ...options, ...key }),
  google: (options) => google({ ...options, ...key }),
  ollama: (options) => ollama(options),
  lockchat: (options) => lockchat(options),
  liaobots: (options) => liaobots({ ...options, auth: 'demo' }),
  gravityengine: (options) => gravityengine(options),
}

/** Every dialect of a simulator, through the provider that speaks it, with the models that the simulator plays. */
export function playedBy(sim: Simulator, options: ProviderOptions): Provider[] {
  // Object.entries forgets the keys' type.
  return (Object.entries(SPEAKERS) as [DialectId, Create][]).map(([dialect, create]) => {
    const provider = create({ ...options, baseUrl: sim.baseUrl(dialect) })
    const models = new Set(sim.dialects.find(({ id }) => id === dialect)?.models)
    const info = { ...provider.info, models: provider.info.models.filter(({ id }) => models.has(id)) }
    if (provider.id === dialect) return { ...provider, info }
    // One provider in two dialects: on the page they are two.
    return {
      ...provider,
      id: dialect,
      info: { ...info, name: `${info.name} Responses` },
      stream: (request, call) => startedAs(dialect, provider.stream(request, call)),
    }
  })
}

async function* startedAs(id: string, events: AsyncIterable<ChatEvent>): AsyncGenerator<ChatEvent, undefined> {
  for await (const event of events) yield event.type === 'start' ? { ...event, provider: id } : event
}
