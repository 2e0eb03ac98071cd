import { anthropic as anthropicProvider } from '@rivulet/provider-anthropic'
import { google as googleProvider } from '@rivulet/provider-google'
import { liaobots } from '@rivulet/provider-liaobots'
import { lockchat as lockchatProvider } from '@rivulet/provider-lockchat'
import { ollama as ollamaProvider } from '@rivulet/provider-ollama'
import { eventByEvent } from './ours.ts'

/** The other dialects, each with its provider. */

export const anthropic = eventByEvent((baseUrl) => anthropicProvider({ baseUrl, apiKey: 'none' }))
export const google = eventByEvent((baseUrl) => googleProvider({ baseUrl, apiKey: 'none' }))
export const ollama = eventByEvent((baseUrl) => ollamaProvider({ baseUrl }))
export const text = eventByEvent((baseUrl) => liaobots({ baseUrl, auth: 'none' }))
/** Chat completions, with the cost of recognizing Lockchat's known fault. */
export const lockchat = eventByEvent((baseUrl) => lockchatProvider({ baseUrl }))
