import { streams, type Work } from './contender.ts'
import { competitor } from './contenders/competitor.ts'

export interface Entry {
  label: string
  /** Ours, a plain loop to compare with, or a library that a user would pick instead. */
  kind: 'ours' | 'loop' | 'competitor'
  /** It reads no text that could be checked. */
  textless?: true
  /** Loads only this contender. */
  load: () => Promise<Work>
}

const floors = () => import('./contenders/floors.ts')
const ours = () => import('./contenders/ours.ts')
const dialects = () => import('./contenders/dialects.ts')
const writing = () => import('./works/writing.ts')
const history = () => import('./works/history.ts')
const catalog = () => import('./works/catalog.ts')
const drawing = () => import('./works/snapshots.ts')

const decoding = () => import('./works/decoder.ts')

const loop = (label: string, load: Entry['load']): Entry => ({ label, kind: 'loop', load })
const our = (label: string, load: Entry['load']): Entry => ({ label, kind: 'ours', load })
const other = (label: string, file: string): Entry => ({ label, kind: 'competitor', load: () => competitor(file) })

const entries = {
  bytes: {
    ...loop('undici request, bytes counted only', async () => streams((await floors()).bytes)),
    textless: true,
  },
  scan: loop('undici request + scan, no JSON.parse', async () => streams((await floors()).scan)),
  floor: loop('undici request + lines + JSON.parse', async () => (await floors()).openai),
  fetch: loop('built-in fetch + lines + JSON.parse', async () => (await floors()).builtInFetch),

  events: our('rivulet, event by event', async () => (await ours()).events),
  text: our('rivulet, textOf()', async () => (await ours()).text),
  collect: our('rivulet, collect()', async () => (await ours()).whole),
  group: our('rivulet, failover + retry + deadlines', async () => (await ours()).group),
  'by-fetch': our('rivulet, by the built-in fetch', async () => (await ours()).byFetch),

  patient: our('rivulet, event by event', async () => (await ours()).patient),

  'eventsource-parser': other('eventsource-parser + JSON.parse', 'eventsource-parser.js'),
  openai: other('openai 7', 'openai.js'),
  langchain: other('LangChain ChatOpenAI', 'langchain.js'),
  'ai-model': other('AI SDK 7, doStream', 'ai-model.js'),
  'ai-text': other('AI SDK 7, streamText().textStream', 'ai-text.js'),
  'pi-ai': other('@earendil-works/pi-ai', 'pi-ai.js'),

  anthropic: our('rivulet, Anthropic', async () => (await dialects()).anthropic),
  google: our('rivulet, Gemini', async () => (await dialects()).google),
  ollama: our('rivulet, Ollama', async () => (await dialects()).ollama),
  raw: our('rivulet, raw text', async () => (await dialects()).text),
  lockchat: our('rivulet, Lockchat', async () => (await dialects()).lockchat),
  'anthropic-floor': loop('its floor: lines + JSON.parse', async () => (await floors()).anthropic),
  'google-floor': loop('its floor: lines + JSON.parse', async () => (await floors()).google),
  'ollama-floor': loop('its floor: lines + JSON.parse', async () => (await floors()).ollama),
  'raw-floor': loop('its floor: the bytes as text', async () => (await floors()).text),

  'write-openai': our('rivulet, chatCompletionsServer()', async () => (await writing()).openai),
  'write-openai-floor': loop('the same bytes, concatenated', async () => (await writing()).openaiFloor),
  'write-anthropic': our('rivulet, messagesServer()', async () => (await writing()).anthropic),
  'write-anthropic-floor': loop('the same bytes, concatenated', async () => (await writing()).anthropicFloor),

  history: our('rivulet: check, encode, send', async () => (await history()).ours),
  'history-floor': loop('JSON.stringify of the same body', async () => (await history()).floor),
  snapshots: our('rivulet, snapshots(): the answer so far', async () => (await drawing()).ours),
  'snapshots-floor': loop('rivulet, text(), joined by the reader', async () => (await drawing()).floor),
  decoder: our('the decoder of server-sent events', async () => (await decoding()).ours),
  catalog: our('rivulet: the provider of a model', async () => (await catalog()).ours),
} satisfies Record<string, Entry>

export type ContenderName = keyof typeof entries

export const contenders: Readonly<Record<string, Entry>> = entries

export const labelOf = (name: ContenderName): string => entries[name].label
