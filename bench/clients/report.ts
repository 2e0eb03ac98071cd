import { simulator } from '@rivulet/simulator'
import type { Scenarios } from './scenario.ts'
import { anthropic } from './scenarios/anthropic.ts'
import { google } from './scenarios/google.ts'
import { ollama } from './scenarios/ollama.ts'
import { openaiResponses } from './scenarios/openai-responses.ts'
import { openai } from './scenarios/openai.ts'

/** Runs every scenario of every client and prints what was seen; the process fails when one of them does. */

const clients: Readonly<Record<string, Scenarios>> = {
  openai,
  'openai (responses)': openaiResponses,
  '@anthropic-ai/sdk': anthropic,
  '@google/genai': google,
  ollama,
}

const key = 'sk-test'
const dialects = ['openai', 'openai-responses', 'anthropic', 'google', 'ollama'] as const
await using sim = await simulator({ credentials: Object.fromEntries(dialects.map((dialect) => [dialect, key])) })

const rows: string[][] = [['CLIENT', 'SCENARIO', '', 'WHAT WAS SEEN']]
for (const [client, scenarios] of Object.entries(clients)) {
  for (const [name, scenario] of Object.entries(scenarios)) {
    try {
      rows.push([client, name, 'ok', await scenario(sim)])
    } catch (error) {
      rows.push([client, name, 'FAILED', error instanceof Error ? error.message : String(error)])
      process.exitCode = 1
    }
    sim.clear()
  }
}

const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
for (const row of rows) {
  const cells = row.map((cell, at) => cell.replaceAll(/\s+/g, ' ').padEnd(widths[at] ?? 0))
  process.stdout.write(`${cells.join('  ').trimEnd()}\n`)
}
