import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gateway } from '@rivulet/gateway'
import type { Simulator } from '@rivulet/simulator'
import { openai } from 'rivulet'
import { type Verdict, verdict } from '../verdict.ts'

/** What of its report is read here. */
interface Report {
  readonly score: number
  readonly results: readonly { readonly name: string; readonly status: string; readonly summary: string }[]
}

/** `compatcanary`, which probes what calls itself OpenAI-compatible, from a process of its own. */
export async function* canary(sim: Simulator): AsyncGenerator<Verdict> {
  const provider = openai({ apiKey: 'key-of-the-server', baseUrl: sim.baseUrl('openai') })
  const { url, close } = await gateway(provider, { keys: 'sk-test', retry: false }).listen({ port: 0 })
  const { score, results } = await scan(`${url}/v1`)
  await close({ drainMs: 100 })
  for (const { name, status, summary } of results) {
    yield await verdict('compatcanary', name, () => {
      assert.equal(status, 'pass', summary)
      return summary
    })
  }
  yield await verdict('compatcanary', 'score', () => {
    assert.equal(score, 100)
    return `${score} of 100`
  })
}

async function scan(baseUrl: string): Promise<Report> {
  const cli = fileURLToPath(new URL('../node_modules/compatcanary/src/cli.js', import.meta.url))
  const args = ['scan', '--base-url', baseUrl, '--model', 'gpt-6.1-terra', '--format', 'json', '--fail-on', 'never']
  const env = { PATH: process.env.PATH, OPENAI_API_KEY: 'sk-test' }
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [report] = await Promise.all([text(child.stdout), once(child, 'close')])
  // Its report, version 1.
  return JSON.parse(report) as Report
}
