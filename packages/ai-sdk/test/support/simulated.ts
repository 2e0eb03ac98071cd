import { anthropic } from '@rivulet/provider-anthropic'
import { google } from '@rivulet/provider-google'
import { openai } from '@rivulet/provider-openai'
import type { Provider } from '@rivulet/core'
import type { Simulator } from '@rivulet/simulator'

export const apiKey = 'a-secret-key'

/** Rivulet's own providers over the simulator, with a model of each. */
export const members = (
  sim: Simulator,
): Readonly<Record<'openai' | 'responses' | 'anthropic' | 'google', [Provider, string]>> => ({
  openai: [openai({ apiKey, baseUrl: sim.baseUrl('openai') }), 'gpt-6.1-terra'],
  responses: [openai({ apiKey, api: 'responses', baseUrl: sim.baseUrl('openai-responses') }), 'gpt-6.1-terra'],
  anthropic: [anthropic({ apiKey, baseUrl: sim.baseUrl('anthropic') }), 'claude-sonnet-5'],
  google: [google({ apiKey, baseUrl: sim.baseUrl('google') }), 'gemini-3.8-flash'],
})
