import type { Provider, ProviderOptions } from '@rivulet/core'
import { environment } from '@rivulet/core/provider'
import { anthropic } from '@rivulet/provider-anthropic'
import { deepseek } from '@rivulet/provider-deepseek'
import { google } from '@rivulet/provider-google'
import { gravityengine } from '@rivulet/provider-gravityengine'
import { groq } from '@rivulet/provider-groq'
import { liaobots } from '@rivulet/provider-liaobots'
import { lockchat } from '@rivulet/provider-lockchat'
import { mistral } from '@rivulet/provider-mistral'
import { ollama } from '@rivulet/provider-ollama'
import { openai } from '@rivulet/provider-openai'
import { openrouter } from '@rivulet/provider-openrouter'
import { xai } from '@rivulet/provider-xai'

/** A provider package that comes with the aggregator, and the variables of the environment that configure it. */
export interface KnownProvider {
  /** The provider's id. */
  id: string
  /** The variables of its credential, which the factory reads itself; none where it needs none. */
  credentials: readonly string[]
  /** The variable of its base URL: for a relay, a simulator, or a host of your own. */
  baseUrl: string
  /** The vendor's own variable of its host, which the factory reads itself. */
  host?: string | undefined
  /** Its factory. */
  create: (options: ProviderOptions) => Provider
}

/** Every provider package that needs no more than a credential, in the order in which they are asked. */
export const KNOWN_PROVIDERS: readonly KnownProvider[] = [
  { id: 'openai', credentials: ['OPENAI_API_KEY'], baseUrl: 'OPENAI_BASE_URL', create: openai },
  { id: 'anthropic', credentials: ['ANTHROPIC_API_KEY'], baseUrl: 'ANTHROPIC_BASE_URL', create: anthropic },
  { id: 'google', credentials: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], baseUrl: 'GOOGLE_BASE_URL', create: google },
  { id: 'mistral', credentials: ['MISTRAL_API_KEY'], baseUrl: 'MISTRAL_BASE_URL', create: mistral },
  { id: 'xai', credentials: ['XAI_API_KEY'], baseUrl: 'XAI_BASE_URL', create: xai },
  { id: 'deepseek', credentials: ['DEEPSEEK_API_KEY'], baseUrl: 'DEEPSEEK_BASE_URL', create: deepseek },
  { id: 'groq', credentials: ['GROQ_API_KEY'], baseUrl: 'GROQ_BASE_URL', create: groq },
  { id: 'openrouter', credentials: ['OPENROUTER_API_KEY'], baseUrl: 'OPENROUTER_BASE_URL', create: openrouter },
  { id: 'ollama', credentials: [], baseUrl: 'OLLAMA_BASE_URL', host: 'OLLAMA_HOST', create: ollama },
  { id: 'lockchat', credentials: ['LOCKCHAT_AUTH'], baseUrl: 'LOCKCHAT_BASE_URL', create: lockchat },
  { id: 'liaobots', credentials: ['LIAOBOTS_AUTH'], baseUrl: 'LIAOBOTS_BASE_URL', create: liaobots },
  { id: 'gravityengine', credentials: [], baseUrl: 'GRAVITYENGINE_BASE_URL', create: gravityengine },
]

/**
 * The providers that the environment configures: those with a credential, a base URL or a host in it. One that its variables
 * configure wrongly is left out with a warning of the process, so that the others answer.
 *
 * @throws TypeError when there is none but such.
 */
export function providersFromEnv(): Provider[] {
  const providers: Provider[] = []
  const mistakes: TypeError[] = []
  for (const { credentials, baseUrl: variable, host, create } of KNOWN_PROVIDERS) {
    const baseUrl = environment(variable)
    const read = host === undefined ? credentials : [...credentials, host]
    if (baseUrl === undefined && read.every((name) => environment(name) === undefined)) continue
    try {
      providers.push(create(baseUrl === undefined ? {} : { baseUrl }))
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      const variables = baseUrl === undefined ? read : [...credentials, variable]
      mistakes.push(new TypeError(`${error.message} See ${variables.join(', ')} in the environment.`, { cause: error }))
    }
  }
  const [first] = mistakes
  if (providers.length === 0 && first !== undefined) throw first
  for (const { message } of mistakes) process.emitWarning(message, 'RivuletWarning')
  return providers
}
