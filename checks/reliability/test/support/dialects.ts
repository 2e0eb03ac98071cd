import { withModel, pipe, type Provider } from '@rivulet/core'
import { anthropic } from '@rivulet/provider-anthropic'
import { google } from '@rivulet/provider-google'
import { gravityengine } from '@rivulet/provider-gravityengine'
import { lockchat } from '@rivulet/provider-lockchat'
import { ollama } from '@rivulet/provider-ollama'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import type { DialectId, Simulator } from '@rivulet/simulator'

/** A dialect as a member of a group, which replaces the requested model by one of its own. */
export interface Spoken {
  name: string
  dialect: DialectId
  /** The form of its answers, where the dialect has several. */
  variant?: 'sse' | 'json' | 'lines'
  member: (sim: Simulator) => Provider
}

const own = (dialect: DialectId, sim: Simulator, provider: (baseUrl: string) => Provider): Provider => {
  const [name] = sim.dialects.find(({ id }) => id === dialect)?.models ?? []
  if (name === undefined) throw new Error(`${dialect} has no model`)
  return pipe(provider(sim.baseUrl(dialect)), withModel(name))
}

const gravity = (variant: NonNullable<Spoken['variant']>): Spoken => ({
  name: `gravityengine, ${variant}`,
  dialect: 'gravityengine',
  variant,
  member: (sim) => own('gravityengine', sim, (baseUrl) => gravityengine({ baseUrl })),
})

const apiKey = 'demo'

/** A dialect that can continue a begun answer. */
export const PREFILLING: Spoken = {
  name: 'openai-compatible',
  dialect: 'openai',
  member: (sim) => own('openai', sim, (baseUrl) => openaiCompatible({ baseUrl, apiKey, quirks: { prefix: true } })),
}

export const DIALECTS: readonly Spoken[] = [
  PREFILLING,
  { name: 'lockchat', dialect: 'lockchat', member: (sim) => own('lockchat', sim, (baseUrl) => lockchat({ baseUrl })) },
  gravity('sse'),
  gravity('lines'),
  gravity('json'),
  {
    name: 'anthropic',
    dialect: 'anthropic',
    member: (sim) => own('anthropic', sim, (baseUrl) => anthropic({ baseUrl, apiKey })),
  },
  { name: 'google', dialect: 'google', member: (sim) => own('google', sim, (baseUrl) => google({ baseUrl, apiKey })) },
  { name: 'ollama', dialect: 'ollama', member: (sim) => own('ollama', sim, (baseUrl) => ollama({ baseUrl })) },
]
