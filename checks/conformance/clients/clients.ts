import { simulator } from '@rivulet/simulator'
import { type Verdict, verdict } from '../verdict.ts'
import { anthropic } from './anthropic.ts'
import { google } from './google.ts'
import { ollama } from './ollama.ts'
import { openai } from './openai.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Scenarios } from './scenario.ts'

const all: Readonly<Record<string, Scenarios>> = {
  openai,
  'openai, responses': openaiResponses,
  '@anthropic-ai/sdk': anthropic,
  '@google/genai': google,
  ollama,
}

const dialects = ['openai', 'openai-responses', 'anthropic', 'google', 'ollama'] as const

/** The vendors' clients talk to our simulator: where a client does not understand an answer, the simulator is wrong. */
export async function* clients(): AsyncGenerator<Verdict> {
  const credentials = Object.fromEntries(dialects.map((dialect) => [dialect, 'sk-test']))
  await using sim = await simulator({ credentials })
  for (const [client, scenarios] of Object.entries(all)) {
    for (const [name, scenario] of Object.entries(scenarios)) {
      yield await verdict(client, name, () => scenario(sim))
      sim.clear()
    }
  }
}
