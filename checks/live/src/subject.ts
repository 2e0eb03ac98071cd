import type { Provider, ProviderOptions } from '@rivulet/core'
import { environment } from '@rivulet/core/provider'
import type { DialectId, Simulator } from '@rivulet/simulator'
import {
  anthropic,
  deepseek,
  google,
  gravityengine,
  groq,
  KNOWN_PROVIDERS,
  liaobots,
  lockchat,
  mistral,
  ollama,
  openai,
  openrouter,
  xai,
} from 'rivulet'

/** A provider and the model to request. */
export interface Subject {
  name: string
  provider: Provider
  model: string
}

/** Deadlines for live endpoints, which may be slow. */
const PATIENCE: ProviderOptions = { deadlines: { firstTokenMs: 60_000, idleMs: 30_000, totalMs: 120_000 } }

/** The smallest models that support all scenarios, so that a run costs cents. By default, the provider's first model. */
const SMALL: Readonly<Record<string, string>> = {
  openai: 'gpt-6-luna',
  anthropic: 'claude-haiku-5-5',
  google: 'gemini-3.5-flash-lite',
  mistral: 'mistral-small-latest',
  xai: 'grok-4.3',
  deepseek: 'deepseek-flash',
  groq: 'openai/gpt-oss-20b',
  openrouter: 'openai/gpt-oss-20b',
}

/** The environment variables that are read. */
export const VARIABLES: readonly string[] = KNOWN_PROVIDERS.flatMap(({ credentials, baseUrl }) => [
  ...credentials,
  baseUrl,
])

/** The providers that the environment configures. OpenAI is checked in both its dialects. */
export async function liveSubjects(): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (const { id, credentials, baseUrl: variable, create } of KNOWN_PROVIDERS) {
    const baseUrl = environment(variable)
    if (baseUrl === undefined && credentials.every((name) => environment(name) === undefined)) continue
    const options = { ...PATIENCE, ...(baseUrl !== undefined && { baseUrl }) }
    const provider = create(options)
    const model = id === 'ollama' ? await pulled(provider) : (SMALL[id] ?? provider.info.models[0]?.id ?? '')
    subjects.push({ name: id, provider, model })
    if (id === 'openai') {
      subjects.push({ name: 'openai, responses', provider: openai({ ...options, api: 'responses' }), model })
    }
  }
  return subjects
}

/** The first model of a local server, which alone knows its models. */
async function pulled(provider: Provider): Promise<string> {
  try {
    const [first] = (await provider.models?.()) ?? []
    return first?.id ?? ''
  } catch {
    // Then the scenarios report why.
    return provider.info.models[0]?.id ?? ''
  }
}

/** Every provider, simulated. Providers of OpenAI's dialect are checked with its models. */
export function simulatedSubjects(sim: Simulator): Subject[] {
  const at = (dialect: DialectId) => ({ ...PATIENCE, baseUrl: sim.baseUrl(dialect) })
  const keyed = (dialect: DialectId) => ({ ...at(dialect), apiKey: 'simulated' })
  const model = 'gpt-6-luna'
  return [
    { name: 'openai', provider: openai(keyed('openai')), model },
    { name: 'openai, responses', provider: openai({ ...keyed('openai-responses'), api: 'responses' }), model },
    { name: 'anthropic', provider: anthropic(keyed('anthropic')), model: 'claude-haiku-5-5' },
    { name: 'google', provider: google(keyed('google')), model: 'gemini-3.5-flash-lite' },
    { name: 'mistral', provider: mistral(keyed('openai')), model },
    { name: 'xai', provider: xai(keyed('openai')), model },
    { name: 'deepseek', provider: deepseek(keyed('openai')), model },
    { name: 'groq', provider: groq(keyed('openai')), model },
    { name: 'openrouter', provider: openrouter(keyed('openai')), model },
    { name: 'ollama', provider: ollama(at('ollama')), model: 'gpt-oss:20b' },
    { name: 'lockchat', provider: lockchat(at('lockchat')), model: 'gpt-4' },
    { name: 'liaobots', provider: liaobots({ ...at('liaobots'), auth: 'simulated' }), model: 'gpt-4' },
    { name: 'gravityengine', provider: gravityengine(at('gravityengine')), model: 'gpt-3.5-turbo-16k' },
  ]
}
