import { join } from 'node:path'
import { COMPETITORS_FOLDER } from '@rivulet/bench/competitors'
import type { Dialect } from './dialects.ts'

/** A library under test, used the way its own documentation reads a stream. */
export interface Competitor {
  name: string
  dialect: Dialect
  /** A module with `texts(baseUrl, signal)`. */
  file: string
  /** Its packages in `bench/competitors/package.json`. */
  packages: readonly string[]
  /** How a stream is read. */
  reads: string
  /** Its defaults that matter here. */
  defaults: string
  /** The options that it was given here. */
  told: string
}

const FETCH = 'Node’s `fetch`: 5 silent minutes'

const rivulet = (name: string, file: string, dialect: Dialect, factory: string): Competitor => ({
  name,
  dialect,
  file: join(import.meta.dirname, file),
  packages: [],
  reads: `\`textOf(${factory}(…).stream(…))\``,
  defaults: 'no retries; 10 s to connect, 2 min to the first content, 1 min between, 10 min in all',
  told: '1.5 s, 1.5 s, 1.5 s, 4 s',
})

export const COMPETITORS: readonly Competitor[] = [
  rivulet('rivulet', 'rivulet-completions.ts', 'chat completions', 'openaiCompatible'),
  {
    name: 'openai',
    dialect: 'chat completions',
    file: join(COMPETITORS_FOLDER, 'faults/openai.js'),
    packages: ['openai'],
    reads: '`for await (… of await client.chat.completions.create({ stream: true }))`',
    defaults: `2 retries; 10 min until the head; ${FETCH}`,
    told: '`maxRetries: 0`, `timeout: 1500`',
  },
  {
    name: 'ai',
    dialect: 'chat completions',
    file: join(COMPETITORS_FOLDER, 'faults/ai.js'),
    packages: ['ai', '@ai-sdk/openai-compatible'],
    reads: '`streamText(…).fullStream`, where errors and aborts are parts',
    defaults: `2 retries; no timeout; ${FETCH}`,
    told: '`maxRetries: 0`, `timeout: { firstChunkMs: 1500, chunkMs: 1500, totalMs: 4000 }`',
  },
  {
    name: '@langchain/openai',
    dialect: 'chat completions',
    file: join(COMPETITORS_FOLDER, 'faults/langchain.js'),
    packages: ['@langchain/openai', '@langchain/core'],
    reads: '`for await (… of await new ChatOpenAI(…).stream(…))`',
    defaults: `6 retries; 10 min until the head; ${FETCH}`,
    told: '`maxRetries: 0`, `timeout: 1500`',
  },
  rivulet('rivulet, Messages', 'rivulet-messages.ts', 'messages', 'anthropic'),
  {
    name: '@anthropic-ai/sdk',
    dialect: 'messages',
    file: join(COMPETITORS_FOLDER, 'faults/anthropic.js'),
    packages: ['@anthropic-ai/sdk'],
    reads: '`for await (… of await client.messages.create({ stream: true }))`',
    defaults: `2 retries; 10 min until the head; ${FETCH}`,
    told: '`maxRetries: 0`, `timeout: 1500`',
  },
]
